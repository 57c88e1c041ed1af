/** pcapng files (draft-ietf-opsawg-pcapng): several sections and interfaces, packets in enhanced, simple and old blocks. */
import { fileU16, fileU32 } from './byte-order.ts';
import {
  type CaptureInterface,
  type CaptureProblem,
  CaptureRecord,
  LONGEST_PACKET,
  type OnRecord,
  type RecordParser,
  UNKNOWN,
} from './capture-record.ts';
import { type PcapngInterface, readInterface } from './pcapng-interface.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Option epb_flags. */
const FLAGS = 2;

/** Type and length before a block's body, and the length again behind it. */
const HEAD = 8;
const TAIL = 4;
/** Longest block that is waited for (Wireshark's limit), and most interfaces that are remembered. */
const LONGEST_BLOCK = 16 * 1024 * 1024;
const MOST_INTERFACES = 65_536;

/** Whether the 4 bytes at `at` begin a pcapng file. */
export function isPcapng(bytes: Uint8Array, at: number): boolean {
  return fileU32(bytes, at, true) === SECTION_HEADER;
}

/** Parser of one pcapng file. Odd blocks are left out and noted; a wrong length ends it, since nothing tells where the next block begins. */
export class PcapngParser implements RecordParser {
  readonly format = 'pcapng';
  readonly interfaces: CaptureInterface[] = [];
  need = HEAD + 4;
  packets = 0;
  problem: CaptureProblem | undefined;
  stopped = false;
  readonly #record = new CaptureRecord();
  readonly #onRecord: OnRecord;
  #little = true;
  /** The section's interfaces, and the index of its first one in `interfaces`. */
  #section: PcapngInterface[] = [];
  #sectionStart = 0;

  constructor(onRecord: OnRecord) {
    this.#onRecord = onRecord;
  }

  parse(bytes: Uint8Array, start: number, end: number, offset: number): number {
    this.#record.bytes = bytes;
    let at = start;
    for (this.need = HEAD + 4; at + this.need <= end && !this.stopped; this.need = HEAD + 4) {
      const isSection = fileU32(bytes, at, true) === SECTION_HEADER;
      if (isSection) this.#beginSection(fileU32(bytes, at + HEAD, true) === BYTE_ORDER_MAGIC);
      const length = fileU32(bytes, at + 4, this.#little);
      if (length < HEAD + TAIL || length > LONGEST_BLOCK || length % 4 !== 0) {
        this.#note(offset + at - start, `block of ${length} bytes`);
        this.stopped = true;
        return at;
      }
      this.need = length;
      if (at + length > end) return at;
      if (fileU32(bytes, at + length - TAIL, this.#little) !== length) {
        this.#note(offset + at - start, `block whose two lengths differ (${length} in front)`);
        this.stopped = true;
        return at;
      }
      const problem = isSection ? this.#checkSection(bytes, at) : this.#readBlock(bytes, at, at + length - TAIL);
      if (problem !== undefined) this.#note(offset + at - start, problem);
      at += length;
    }
    return at;
  }

  /** Takes up a section's byte order, which its length is in too; its interfaces are numbered from 0 again. */
  #beginSection(little: boolean): void {
    this.#little = little;
    this.#section = [];
    this.#sectionStart = this.interfaces.length;
  }

  #checkSection(bytes: Uint8Array, at: number): string | undefined {
    const isMagic = fileU32(bytes, at + HEAD, this.#little) === BYTE_ORDER_MAGIC;
    return isMagic ? undefined : 'section without byte-order magic';
  }

  /** Reads the block at `at` whose body ends at `end`; returns what is wrong with it. */
  #readBlock(bytes: Uint8Array, at: number, end: number): string | undefined {
    const body = at + HEAD;
    switch (fileU32(bytes, at, this.#little)) {
      case ENHANCED_PACKET:
        this.#record.direction = this.#directionOf(bytes, body, end);
        return this.#readStamped(bytes, body, end, end - body < 20 ? 0 : fileU32(bytes, body, this.#little));
      case OLD_PACKET:
        this.#record.direction = UNKNOWN;
        return this.#readStamped(bytes, body, end, end - body < 20 ? 0 : fileU16(bytes, body, this.#little));
      case SIMPLE_PACKET:
        return this.#readSimple(bytes, body, end);
      case INTERFACE:
        return this.#addInterface(bytes, body, end);
      default:
        return undefined;
    }
  }

  /** Enhanced and old packet blocks differ in the interface's width only (and in a drop count beside it). */
  #readStamped(bytes: Uint8Array, body: number, end: number, id: number): string | undefined {
    if (end - body < 20) return 'packet block without its fields';
    const from = this.#section[id];
    if (from === undefined) return `packet of interface ${id}, which the section does not describe`;
    from.clock(this.#record, fileU32(bytes, body + 4, this.#little), fileU32(bytes, body + 8, this.#little));
    return this.#give(
      from,
      id,
      body + 20,
      fileU32(bytes, body + 12, this.#little),
      fileU32(bytes, body + 16, this.#little),
      end,
    );
  }

  /** The flags among an enhanced block's options, which stand behind its data. */
  #directionOf(bytes: Uint8Array, body: number, end: number): number {
    const captured = end - body < 20 ? end : fileU32(bytes, body + 12, this.#little);
    for (let at = body + 20 + ((captured + 3) & ~3); at > body && at + 8 <= end; ) {
      const code = fileU16(bytes, at, this.#little);
      const length = fileU16(bytes, at + 2, this.#little);
      if (code === 0) break;
      if (code === FLAGS && length === 4) return fileU32(bytes, at + 4, this.#little) & 3;
      at += 4 + ((length + 3) & ~3);
    }
    return UNKNOWN;
  }

  /** A simple block has no time, is of the first interface, and is cut at its snap length. */
  #readSimple(bytes: Uint8Array, body: number, end: number): string | undefined {
    const from = this.#section[0];
    if (from === undefined) return 'simple packet block in a section without interface';
    if (end - body < 4) return 'packet block without its fields';
    this.#record.seconds = 0;
    this.#record.nanoseconds = 0;
    this.#record.direction = UNKNOWN;
    const wireLength = fileU32(bytes, body, this.#little);
    const limit = from.snapLength === 0 ? wireLength : Math.min(wireLength, from.snapLength);
    return this.#give(from, 0, body + 4, limit, wireLength, end);
  }

  #give(
    from: PcapngInterface,
    id: number,
    start: number,
    captured: number,
    wireLength: number,
    end: number,
  ): string | undefined {
    if (captured > LONGEST_PACKET || start + captured > end)
      return `packet claims ${captured} captured bytes, more than its block holds`;
    const record = this.#record;
    record.start = start;
    record.end = start + captured;
    record.wireLength = wireLength;
    record.linkType = from.linkType;
    record.interface = this.#sectionStart + id;
    record.interfaceName = from.name ?? '';
    this.packets++;
    if (this.#onRecord(record) === false) this.stopped = true;
    return undefined;
  }

  #addInterface(bytes: Uint8Array, body: number, end: number): string | undefined {
    if (end - body < 8) return 'interface block without its fields';
    if (this.interfaces.length === MOST_INTERFACES) return `more than ${MOST_INTERFACES} interfaces`;
    const added = readInterface(bytes, body, end, this.#little);
    this.#section.push(added);
    this.interfaces.push({
      linkType: added.linkType,
      snapLength: added.snapLength,
      ...(added.name === undefined ? {} : { name: added.name }),
    });
    return undefined;
  }

  #note(offset: number, detail: string): void {
    this.problem ??= { kind: 'malformed', offset, detail };
  }
}
