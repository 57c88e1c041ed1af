import type { CaptureProblem, CaptureSummary, OnRecord, RecordParser } from './capture-record.ts';
import { isPcap, PcapParser } from './pcap-file.ts';
import { isPcapng, PcapngParser } from './pcapng.ts';

/** Bytes that tell the format. */
const MAGIC = 4;

/**
 * Reads a pcap or pcapng file that is pushed in pieces of any size. Records are given while `push` runs, as views into
 * the piece, so that it may be overwritten afterwards; only a record that two pieces share is copied.
 * Nothing throws but `onRecord`: what is wrong with the file stands in the summary.
 */
export class CaptureReader {
  readonly #onRecord: OnRecord;
  #parser: RecordParser | undefined;
  #problem: CaptureProblem | undefined;
  /** The beginning of a record whose end has not come yet. */
  #carry = new Uint8Array(4096);
  #carried = 0;
  /** Bytes of the file before the carried ones. */
  #offset = 0;

  constructor(onRecord: OnRecord) {
    this.#onRecord = onRecord;
  }

  /** Whether further bytes are of no use. */
  get stopped(): boolean {
    return this.#problem !== undefined || this.#parser?.stopped === true;
  }

  /** Reads the next bytes of the file. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (this.#carried > 0 && at < chunk.length && !this.stopped) {
      const need = this.#parser?.need ?? MAGIC;
      const taken = Math.min(Math.max(need - this.#carried, 1), chunk.length - at);
      this.#keep(chunk, at, at + taken);
      at += taken;
      // A parser that has all it needed takes all of it, or now knows that it needs more.
      if (this.#read(this.#carry, 0, this.#carried) > 0) this.#carried = 0;
    }
    if (this.stopped || at === chunk.length) return;
    at = this.#read(chunk, at, chunk.length);
    if (!this.stopped) this.#keep(chunk, at, chunk.length);
  }

  /** What was read, once no more bytes come. */
  end(): CaptureSummary {
    const parser = this.#parser;
    const problem = this.#problem ?? parser?.problem ?? this.#missingEnd();
    return {
      ...(parser === undefined ? {} : { format: parser.format }),
      packets: parser?.packets ?? 0,
      interfaces: parser?.interfaces ?? [],
      ...(problem === undefined ? {} : { problem }),
    };
  }

  /** Parses what it can of `bytes[start, end)`, and returns where the rest begins. */
  #read(bytes: Uint8Array, start: number, end: number): number {
    if (this.#parser === undefined) {
      if (end - start < MAGIC) return start;
      this.#detect(bytes, start);
    }
    const at = this.#parser?.parse(bytes, start, end, this.#offset) ?? end;
    this.#offset += at - start;
    return at;
  }

  #detect(bytes: Uint8Array, at: number): void {
    if (isPcap(bytes, at)) this.#parser = new PcapParser(this.#onRecord);
    else if (isPcapng(bytes, at)) this.#parser = new PcapngParser(this.#onRecord);
    else {
      const magic = Buffer.from(bytes.subarray(at, at + MAGIC)).toString('hex');
      this.#problem = { kind: 'unknown', offset: 0, detail: `neither pcap nor pcapng: it begins with ${magic}` };
    }
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#carried + end - start;
    if (length > this.#carry.length) {
      const grown = new Uint8Array(Math.max(length, this.#carry.length * 2));
      grown.set(this.#carry.subarray(0, this.#carried));
      this.#carry = grown;
    }
    this.#carry.set(bytes.subarray(start, end), this.#carried);
    this.#carried = length;
  }

  #missingEnd(): CaptureProblem | undefined {
    const parser = this.#parser;
    if (parser?.stopped) return undefined;
    if (parser === undefined)
      return {
        kind: 'truncated',
        offset: this.#carried,
        detail: this.#carried === 0 ? 'it is empty' : 'it ends within its header',
      };
    if (parser.interfaces.length === 0 && parser.format === 'pcap')
      return { kind: 'truncated', offset: this.#offset, detail: 'it ends within its header' };
    if (this.#carried === 0) return undefined;
    const of = parser.need > this.#carried ? ` of ${parser.need}` : '';
    return {
      kind: 'truncated',
      offset: this.#offset,
      detail: `it ends ${this.#carried}${of} bytes into a record, after ${parser.packets} packets`,
    };
  }
}
