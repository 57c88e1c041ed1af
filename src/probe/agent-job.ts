/** One running agent that sends or counts, or both: what it said so far, asking it more, its clock. */
import { AgentControl } from '../agent/control.ts';
import type { AgentMessage, Enter, Place, Reads } from '../agent/protocol.ts';
import type { Receive, Send } from '../agent/traffic.ts';
import type { Vantage } from '../vantage/vantage.ts';

/** How far an agent's clock is ahead of ours, in microseconds, and by how much that may be wrong. */
export interface ClockOffset {
  readonly ahead: number;
  readonly error: number;
}

/** What one agent does at its end, and for how many seconds at most. */
export interface Work {
  readonly receive?: Receive;
  readonly send?: Send;
  /** Read before anything is joined. */
  readonly reads?: Reads;
  readonly deadline: number;
}

/** Where an agent works. */
export interface Standing {
  readonly vantage: Vantage;
  readonly enter: Enter;
}

/** Exchanges of which the quickest counts. */
const EXCHANGES = 8;

export class AgentJob {
  readonly messages: AgentMessage[] = [];
  /** Resolves, and never rejects, with what cut it off. */
  readonly ended: Promise<string | undefined>;
  readonly #control = new AgentControl();
  readonly #asked = new Map<string, (at: number) => void>();
  readonly #waiting = new Set<() => void>();
  #over = false;

  constructor({ vantage, enter }: Standing, work: Work, signal: AbortSignal) {
    const job = { kind: 'observe', deadline: work.deadline, places: placesOf(work, enter) } as const;
    this.ended = vantage
      .run(job, (message) => this.#hear(message), signal, this.#control)
      .then(
        (end) => (end.complete ? undefined : (end.problem ?? 'the agent was cut off')),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
      .finally(() => {
        this.#over = true;
        this.#wake();
      });
  }

  /** What it said of this type. */
  of<T extends AgentMessage['type']>(type: T): Extract<AgentMessage, { type: T }>[] {
    return this.messages.filter((message): message is Extract<AgentMessage, { type: T }> => message.type === type);
  }

  /** Waits until `test` holds; false when the job ended before. */
  async until(test: (job: AgentJob) => boolean): Promise<boolean> {
    while (!test(this)) {
      if (this.#over) return false;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    return true;
  }

  /** Lets a sender begin that waits for it. */
  go(): void {
    this.#control.go();
  }

  /** Asks it to end sending or counting; it then says its counts. */
  halt(): void {
    this.#control.halt();
  }

  /** Compares clocks by the quickest of several exchanges (RFC 5905 §8: half its time is the error). Undefined when it does not answer. */
  async clockOffset(): Promise<ClockOffset | undefined> {
    let best: ClockOffset | undefined;
    for (let i = 0; i < EXCHANGES && !this.#over; i++) {
      const one = await Promise.race([this.#exchange(i), this.ended.then(() => undefined)]);
      if (one !== undefined && (best === undefined || one.error < best.error)) best = one;
    }
    return best;
  }

  async #exchange(id: number): Promise<ClockOffset> {
    const began = now();
    const at = await new Promise<number>((resolve) => {
      this.#asked.set(String(id), resolve);
      this.#control.clock(id);
    });
    const ended = now();
    return { ahead: at - (began + ended) / 2, error: (ended - began) / 2 };
  }

  #hear(message: AgentMessage): void {
    if (message.type === 'clock') this.#asked.get(message.id)?.(message.at);
    else this.messages.push(message);
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** An agent counts until it is halted before it sends: who does both does so side by side, in one agent all the same. */
function placesOf({ receive, send, reads }: Work, enter: Enter): Place[] {
  const first = reads === undefined ? {} : { reads };
  if (receive === undefined) return [{ id: 'out', enter, ...first, ...(send === undefined ? {} : { send }) }];
  return [{ id: 'in', enter, ...first, receive }, ...(send === undefined ? [] : [{ id: 'out', enter, send }])];
}

/** Microseconds since 1970. */
function now(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}
