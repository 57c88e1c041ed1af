/** Counts packets of one place, and keeps those that are asked for. */
import { Account, type SeenSource } from '../discover/account.ts';
import type { GroupQuery } from '../discover/group-query.ts';
import { ownDatagrams } from '../probe/own-datagrams.ts';
import type { CaptureRecord } from './capture-record.ts';
import { GLANCE, type Glance, type Tally } from './live.ts';
import type { PcapngFile } from './pcapng-file.ts';

export interface CounterOptions {
  readonly queries: readonly GroupQuery[];
  readonly nameOf: (index: number) => string;
  readonly ownMacs?: readonly string[];
  /** Where packets are kept, and what stands before interfaces' names there. */
  readonly file?: PcapngFile;
  readonly label?: string;
  /** Full after so many packets, or bytes of the file. */
  readonly packets?: number;
  readonly bytes?: number;
}

export class Counter {
  readonly #account: Account;
  readonly #options: CounterOptions;
  #kept = 0;

  constructor(options: CounterOptions) {
    const { queries, nameOf, ownMacs } = options;
    this.#options = options;
    this.#account = new Account(queries, { nameOf, own: ownDatagrams, ...(ownMacs === undefined ? {} : { ownMacs }) });
  }

  /** Whether there are new sources to tell. */
  get hasFresh(): boolean {
    return this.#account.hasFresh;
  }

  /** Takes a packet; returns false when no more are wanted. */
  take(packet: CaptureRecord): boolean {
    if (!this.#account.count(packet)) return true;
    const { file, label, nameOf, packets, bytes } = this.#options;
    if (file !== undefined) {
      const name = nameOf(packet.interface);
      file.add(label === undefined ? name : `${label}:${name}`, packet);
    }
    this.#kept++;
    return !(this.#kept === packets || (bytes !== undefined && (file?.bytes ?? 0) >= bytes));
  }

  takeFresh(): SeenSource[] {
    return this.#account.takeFresh();
  }

  glance(lost: number): Glance {
    const { sources, rows, packets } = this.#account.report(GLANCE);
    return { sources, rows, packets, lost };
  }

  tally(lost: number, problem?: string): Tally {
    return {
      report: this.#account.report(),
      lost,
      written: this.#options.file === undefined ? 0 : this.#kept,
      ...(problem === undefined ? {} : { problem }),
    };
  }
}
