/** A pcapng file as it grows, from packets of any number of places and interfaces. */
import type { CaptureRecord } from './capture-record.ts';
import { interfaceBlock, packetLength, sectionHeader, writePacket } from './pcapng-writer.ts';

/** Takes bytes of the file. A promise asks for a pause until it resolves. The buffer is filled again after that. */
export type ByteSink = (bytes: Uint8Array) => void | Promise<void>;

/** A packet, as readers of files and live captures give it. */
export type Recorded = Pick<
  CaptureRecord,
  'bytes' | 'start' | 'end' | 'wireLength' | 'linkType' | 'direction' | 'seconds' | 'nanoseconds'
>;

const FIRST_SIZE = 1 << 20;

export class PcapngFile {
  packets = 0;
  /** Bytes added so far, written or not. */
  bytes = 0;
  readonly #sink: ByteSink;
  /** By interface name and link type. */
  readonly #ids = new Map<string, Map<number, number>>();
  #interfaces = 0;
  #buffer = Buffer.allocUnsafe(FIRST_SIZE);
  #used = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
    this.#append(sectionHeader());
  }

  /** Bytes that wait to be flushed. */
  get waiting(): number {
    return this.#used;
  }

  /** Describes an interface before its first packet comes: readers want one, also where none ever does. */
  declare(name: string, linkType: number): void {
    this.#idOf(name, linkType);
  }

  /** Adds a packet of the interface with this name. */
  add(name: string, packet: Recorded): void {
    const id = this.#idOf(name, packet.linkType);
    const size = packetLength(packet.end - packet.start);
    this.#reserve(size);
    this.#used = writePacket(this.#buffer, this.#used, id, packet.bytes, packet, packet);
    this.bytes += size;
    this.packets++;
  }

  /** Writes out what waits; resolves when the sink wants more. */
  async flush(): Promise<void> {
    if (this.#used === 0) return;
    const full = this.#buffer.subarray(0, this.#used);
    this.#used = 0;
    const busy = this.#sink(full);
    if (busy === undefined) return;
    // The sink still reads what it was given.
    this.#buffer = Buffer.allocUnsafe(FIRST_SIZE);
    await busy;
  }

  #idOf(name: string, linkType: number): number {
    const byLink = this.#ids.get(name) ?? new Map<number, number>();
    this.#ids.set(name, byLink);
    let id = byLink.get(linkType);
    if (id === undefined) {
      id = this.#interfaces++;
      byLink.set(linkType, id);
      this.#append(interfaceBlock(name, linkType, 0));
    }
    return id;
  }

  #append(block: Buffer): void {
    this.#reserve(block.length);
    this.#buffer.set(block, this.#used);
    this.#used += block.length;
    this.bytes += block.length;
  }

  #reserve(size: number): void {
    if (this.#used + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#used + size));
    larger.set(this.#buffer.subarray(0, this.#used));
    this.#buffer = larger;
  }
}
