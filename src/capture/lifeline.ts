/** Notices that stdin was closed, also while the event loop does not turn. */
import { Worker } from 'node:worker_threads';

/** A thread of its own waits for the end of stdin, and ends the process when that is not noticed in time. */
const WATCH = `const { readSync } = require('node:fs');
const { workerData } = require('node:worker_threads');
const byte = Buffer.alloc(1);
try { while (readSync(0, byte, 0, 1, null) > 0); } catch {}
Atomics.store(workerData, 0, 1);
Atomics.wait(workerData, 0, 1, 3000);
process.kill(process.pid, 'SIGKILL');`;

export class LifeLine {
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));

  constructor() {
    new Worker(WATCH, { eval: true, workerData: this.#flag }).unref();
  }

  /** Whether the other side is done, or gone. */
  get isCut(): boolean {
    return Atomics.load(this.#flag, 0) !== 0;
  }
}
