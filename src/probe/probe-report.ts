/** What a probe found: `kmcast probe -o json`. */
import type { Died } from './died.ts';
import type { ProbeFinding, Told } from './findings.ts';

export interface ProbeReport {
  readonly schemaVersion: 'kmcast/v1';
  readonly kind: 'Probe';
  readonly kmcastVersion: string;
  /** RFC 3339. */
  readonly time: string;
  readonly run: string;
  /** What ran the agents: kmcast's own connections, or Kubernetes. */
  readonly engine: 'connections' | 'cluster';
  readonly group: string;
  readonly datagrams: { readonly count: number; readonly rate: number; readonly size: number; readonly ttl: number };
  /** `failed` when a path lost more than allowed; `unknown` when none did and a path could not be tested. */
  readonly verdict: 'passed' | 'failed' | 'unknown';
  /** What the failing paths have in common, for people. */
  readonly summary: string;
  /** What was found beside loss; it does not change the verdict. */
  readonly findings: readonly ProbeFinding[];
  readonly senders: readonly SenderReport[];
  readonly receivers: readonly ReceiverReport[];
  /** All; of more than 10,000 those that are not `ok`, at most so many: then `totals` tells of all. */
  readonly paths: readonly PathReport[];
  readonly totals?: Tally;
}

/** How many paths ended how; those to oneself are not counted. */
export interface Tally {
  readonly ok: number;
  readonly lossy: number;
  readonly lost: number;
  readonly unknown: number;
}

interface EndReport {
  /** `pod/tx`, `node/node1`, `local`. */
  readonly name: string;
  readonly namespace?: string;
  readonly node?: string;
  /** How the agent got there. */
  readonly vantage?: string;
  /** Why it could not be tested. */
  readonly problem?: string;
  /** Of its paths, where Kubernetes ran the agents. */
  readonly tally?: Tally;
}

export interface SenderReport extends EndReport {
  /** Address and interface that it sent from. */
  readonly source?: string;
  readonly interface?: string;
  readonly sent: number;
  /** Datagrams a second that it came to, where it sent two or more. */
  readonly rate?: number;
  readonly errors: readonly string[];
}

export interface ReceiverReport extends EndReport {
  /** Where the group was joined. */
  readonly interface?: string;
  /** Datagrams that the receiver's own full buffer dropped: no loss of the network's. */
  readonly bufferOverflow?: number;
  /** Datagrams of this probe that a member of another group received: these must not be. */
  readonly leaked: number;
  /** Datagrams to the group that are not of this probe. */
  readonly foreign: number;
}

export interface PathReport {
  /** As `name` of a sender and a receiver. */
  readonly from: string;
  readonly to: string;
  readonly fromNamespace?: string;
  readonly toNamespace?: string;
  /** Null where one of them is on no node. */
  readonly sameNode: boolean | null;
  /** `ok`: no more lost than allowed; `self`: an end to itself, which proves nothing. */
  readonly outcome: 'ok' | 'lossy' | 'lost' | 'unknown' | 'self';
  /**
   * Of the way from the sender's socket to a socket in the receiver that joins as the kernel chooses: `sound` when it carries all
   * that --max-loss asks for. What applications there do with it (their own joins, ports and buffers) is not tested.
   */
  readonly way: 'sound' | 'broken' | 'unknown';
  readonly sent: number;
  /** Different datagrams that came. */
  readonly received: number;
  readonly lost: number;
  /** Of these, after the first that came: what a slow join cannot explain. */
  readonly lostAfterFirst: number;
  readonly duplicates: number;
  readonly reordered: number;
  readonly latency: Latency | null;
  /** As seen by the receiver: `unknown` where datagrams came, and its runtime (node) does not tell. */
  readonly ttl: Told<number>;
  readonly interfaces: Told<string>;
  /** The same by unicast, to the address of the cluster's network; null where there is none. */
  readonly control: { readonly address: string; readonly sent: number; readonly received: number } | null;
  readonly reason?: string;
  /** Where the datagrams of a failing path are lost, where that was looked for. */
  readonly died?: Died;
}

/** Milliseconds one way. `error`: how wrong they may be, by the comparison of the clocks. */
export interface Latency {
  readonly least: number;
  readonly median: number;
  readonly mean: number;
  readonly p99: number;
  readonly most: number;
  readonly error: number;
}
