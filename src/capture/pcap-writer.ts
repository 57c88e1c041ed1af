/** Writes pcap files, little-endian. */
import { FILE_HEADER, MICROSECONDS_MAGIC, NANOSECONDS_MAGIC, RECORD_HEADER } from './pcap-file.ts';

/** How a file is written. */
export interface PcapOptions {
  /** LINKTYPE_* (decode/link-types.ts). */
  readonly linkType: number;
  /** Bytes kept of each packet; 262144, libpcap's own default, when absent. */
  readonly snapLength?: number;
  /** Unit of the time stamps: nanoseconds when absent. */
  readonly precision?: 'microseconds' | 'nanoseconds';
}

/** A packet's time since 1970 and length on the wire (as given when absent). */
export interface PacketTime {
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly wireLength?: number;
}

/** Encodes one pcap file: `header()` first, then a `record()` for each packet. */
export class PcapWriter {
  readonly #linkType: number;
  readonly #snapLength: number;
  readonly #nanoseconds: boolean;

  constructor(options: PcapOptions) {
    this.#linkType = options.linkType;
    this.#snapLength = options.snapLength ?? 262_144;
    this.#nanoseconds = options.precision !== 'microseconds';
  }

  /** The file's header. */
  header(): Uint8Array {
    const header = Buffer.alloc(FILE_HEADER);
    header.writeUInt32LE(this.#nanoseconds ? NANOSECONDS_MAGIC : MICROSECONDS_MAGIC, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(this.#snapLength, 16);
    header.writeUInt32LE(this.#linkType, 20);
    return header;
  }

  /** A packet's record, cut at the snap length. */
  record(packet: Uint8Array, time: PacketTime): Uint8Array {
    const target = Buffer.allocUnsafe(RECORD_HEADER + Math.min(packet.length, this.#snapLength));
    this.write(target, 0, packet, time);
    return target;
  }

  /** Writes a packet's record into `target` at `at`, which must have room for it, and returns the offset after it. */
  write(target: Buffer, at: number, packet: Uint8Array, time: PacketTime): number {
    const captured = Math.min(packet.length, this.#snapLength);
    target.writeUInt32LE(time.seconds, at);
    target.writeUInt32LE(this.#nanoseconds ? time.nanoseconds : Math.floor(time.nanoseconds / 1000), at + 4);
    target.writeUInt32LE(captured, at + 8);
    target.writeUInt32LE(time.wireLength ?? packet.length, at + 12);
    target.set(captured === packet.length ? packet : packet.subarray(0, captured), at + RECORD_HEADER);
    return at + RECORD_HEADER + captured;
  }
}
