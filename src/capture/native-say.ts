/** Writing from the capturing process, at once and whole: its event loop may not turn for long. */
import { writeSync } from 'node:fs';
import type { ChildMessage } from './native-protocol.ts';

const MESSAGES = 3;
/** Milliseconds to wait for a pipe that is full and does not block. */
const PAUSE = 2;
const pause = new Int32Array(new SharedArrayBuffer(4));

export function say(message: ChildMessage): void {
  writeAll(MESSAGES, Buffer.from(`${JSON.stringify(message)}\n`));
}

/** Writes everything. Throws when nothing more can be written: the disk is full, or the reader has gone away. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, PAUSE);
    }
  }
}
