/** pcap files (draft-ietf-opsawg-pcap): either byte order, micro- or nanoseconds. */
import { fileU16, fileU32 } from './byte-order.ts';
import {
  type CaptureInterface,
  type CaptureProblem,
  CaptureRecord,
  LONGEST_PACKET,
  type OnRecord,
  type RecordParser,
} from './capture-record.ts';

export const MICROSECONDS_MAGIC = 0xa1b2c3d4;
export const NANOSECONDS_MAGIC = 0xa1b23c4d;
export const FILE_HEADER = 24;
export const RECORD_HEADER = 16;

/** Whether the 4 bytes at `at` begin a pcap file. */
export function isPcap(bytes: Uint8Array, at: number): boolean {
  const magics = [fileU32(bytes, at, true), fileU32(bytes, at, false)];
  return magics.includes(MICROSECONDS_MAGIC) || magics.includes(NANOSECONDS_MAGIC);
}

/** Parser of one pcap file. */
export class PcapParser implements RecordParser {
  readonly format = 'pcap';
  readonly interfaces: CaptureInterface[] = [];
  need = FILE_HEADER;
  packets = 0;
  problem: CaptureProblem | undefined;
  stopped = false;
  readonly #record = new CaptureRecord();
  readonly #onRecord: OnRecord;
  #little = true;
  /** Nanoseconds of one unit of the record's fraction. */
  #unit = 1;

  constructor(onRecord: OnRecord) {
    this.#onRecord = onRecord;
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number): number {
    let at = start;
    if (this.interfaces.length === 0) {
      if (end - at < FILE_HEADER) return at;
      this.#readHeader(bytes, at);
      at += FILE_HEADER;
    }
    const record = this.#record;
    const little = this.#little;
    record.bytes = bytes;
    for (
      this.need = RECORD_HEADER;
      at + RECORD_HEADER <= end && !this.stopped;
      at = record.end, this.need = RECORD_HEADER
    ) {
      const captured = fileU32(bytes, at + 8, little);
      if (captured > LONGEST_PACKET) {
        this.#stop(offset + at - start, `packet ${this.packets + 1} claims ${captured} captured bytes`);
        return at;
      }
      this.need = RECORD_HEADER + captured;
      if (at + this.need > end) return at;
      record.start = at + RECORD_HEADER;
      record.end = record.start + captured;
      record.wireLength = fileU32(bytes, at + 12, little);
      this.#setTime(fileU32(bytes, at, little), fileU32(bytes, at + 4, little) * this.#unit);
      this.packets++;
      if (this.#onRecord(record) === false) this.stopped = true;
    }
    return at;
  }

  #readHeader(bytes: Uint8Array, at: number): void {
    const magic = fileU32(bytes, at, true);
    this.#little = magic === MICROSECONDS_MAGIC || magic === NANOSECONDS_MAGIC;
    this.#unit = fileU32(bytes, at, this.#little) === NANOSECONDS_MAGIC ? 1 : 1000;
    // The upper half of the word tells of frame check sequences.
    const linkType = fileU16(bytes, this.#little ? at + 20 : at + 22, this.#little);
    this.interfaces.push({ linkType, snapLength: fileU32(bytes, at + 16, this.#little) });
    this.#record.linkType = linkType;
  }

  #setTime(seconds: number, nanoseconds: number): void {
    const carry = nanoseconds < 1e9 ? 0 : Math.floor(nanoseconds / 1e9);
    this.#record.seconds = seconds + carry;
    this.#record.nanoseconds = nanoseconds - carry * 1e9;
  }

  #stop(offset: number, detail: string): void {
    this.problem = { kind: 'malformed', offset, detail };
    this.stopped = true;
  }
}
