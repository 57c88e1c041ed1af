/** Keys of objects to be looked at: each once a turn, however often it was named, and later where that is asked for. */

import { StatusError } from '../store.ts';

/** The longest pause after failures in a row, in milliseconds. */
const LONGEST = 5000;

export class WorkQueue {
  readonly #work: (key: string) => void;
  readonly #due = new Set<string>();
  readonly #timers = new Map<string, { readonly timer: NodeJS.Timeout; readonly at: number }>();
  readonly #failures = new Map<string, number>();
  #turn: NodeJS.Immediate | undefined;
  #isClosed = false;

  /** @param work may throw: it is tried again after a pause that grows */
  constructor(work: (key: string) => void) {
    this.#work = work;
  }

  add(key: string): void {
    if (this.#isClosed) return;
    this.#due.add(key);
    this.#turn ??= setImmediate(() => this.#drain());
  }

  /** The earliest time that was asked for counts. */
  addAfter(key: string, milliseconds: number): void {
    const at = Date.now() + milliseconds;
    const waiting = this.#timers.get(key);
    if (this.#isClosed || (waiting !== undefined && waiting.at <= at)) return;
    clearTimeout(waiting?.timer);
    const timer = setTimeout(
      () => {
        this.#timers.delete(key);
        this.add(key);
      },
      // A timer's longest time; whoever is woken too early asks again.
      Math.min(milliseconds, 2 ** 31 - 1),
    );
    this.#timers.set(key, { timer, at });
  }

  close(): void {
    this.#isClosed = true;
    clearImmediate(this.#turn);
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#due.clear();
  }

  #drain(): void {
    this.#turn = undefined;
    const keys = [...this.#due];
    this.#due.clear();
    for (const key of keys) {
      try {
        this.#work(key);
        this.#failures.delete(key);
      } catch (error) {
        const failures = (this.#failures.get(key) ?? 0) + 1;
        this.#failures.set(key, failures);
        this.addAfter(key, Math.min(LONGEST, 50 * 2 ** failures));
        // What the store refuses is told in events. A fault of the lab's own is told once, or it would fill the log.
        if (failures === 1 && !(error instanceof StatusError))
          process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}
