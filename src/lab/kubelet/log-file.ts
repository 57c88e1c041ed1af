/** A container's log in the format of the CRI: `TIME STREAM F|P TEXT`, a line each. */
import { EventEmitter } from 'node:events';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** Longer lines are cut into parts, as containerd does; bytes. */
const PART = 16 * 1024;
/** Bytes after which a log begins anew: of a real kubelet's rotated logs, `kubectl logs` shows the newest only. */
const LIMIT = 10 * 1024 * 1024;

/** `grown` after each write, `closed` at the end. */
export class LogFile extends EventEmitter<{ grown: []; closed: [] }> {
  readonly path: string;
  #file: number | undefined;
  #size = 0;

  constructor(path: string) {
    super();
    this.setMaxListeners(0);
    this.path = path;
    this.#file = openSync(path, 'a');
  }

  /** Bytes that can be read. */
  get size(): number {
    return this.#size;
  }

  get closed(): boolean {
    return this.#file === undefined;
  }

  /** Writes what comes, line by line; a last line without an end is a part. */
  follow(source: Readable, stream: 'stdout' | 'stderr'): void {
    let open = Buffer.alloc(0);
    source.on('data', (chunk: Buffer) => {
      open = this.#lines(Buffer.concat([open, chunk]), stream);
    });
    source.on('error', () => {});
    source.on('close', () => {
      if (open.length > 0) this.#write([record(stream, 'P', open)]);
      open = Buffer.alloc(0);
    });
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.emit('closed');
  }

  /** Returns what has no end yet. */
  #lines(text: Buffer, stream: string): Buffer<ArrayBuffer> {
    const records: Buffer[] = [];
    let from = 0;
    for (;;) {
      const end = text.indexOf(10, from);
      const length = (end < 0 ? text.length : end) - from;
      if (length > PART) {
        records.push(record(stream, 'P', text.subarray(from, from + PART)));
        from += PART;
      } else if (end >= 0) {
        records.push(record(stream, 'F', text.subarray(from, end)));
        from = end + 1;
      } else break;
    }
    this.#write(records);
    return Buffer.from(text.subarray(from));
  }

  #write(records: readonly Buffer[]): void {
    if (this.#file === undefined || records.length === 0) return;
    if (this.#size > LIMIT) {
      ftruncateSync(this.#file);
      this.#size = 0;
    }
    this.#size += writeSync(this.#file, Buffer.concat(records));
    this.emit('grown');
  }
}

function record(stream: string, tag: 'F' | 'P', text: Buffer): Buffer {
  const nanoseconds = String(process.hrtime.bigint() % 1_000_000n).padStart(6, '0');
  const time = new Date().toISOString().replace('Z', `${nanoseconds}Z`);
  return Buffer.concat([Buffer.from(`${time} ${stream} ${tag} `), text, Buffer.from('\n')]);
}
