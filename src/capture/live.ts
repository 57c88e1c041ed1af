/** A live capture that is counted as it comes, wherever it is made. */
import type { AccountReport, SeenSource } from '../discover/account.ts';
import type { GroupQuery, WantedJoin } from '../discover/group-query.ts';

/** An interface to watch. */
export interface WatchedInterface {
  readonly name: string;
  readonly mac?: string;
  /** `172.31.0.11/24`, all families. */
  readonly addresses: readonly string[];
  /** Whether the groups are joined on it. */
  readonly join: boolean;
}

export interface WatchWishes {
  readonly queries: readonly GroupQuery[];
  readonly interfaces: readonly WatchedInterface[];
  readonly joins: readonly WantedJoin[];
  /** Bytes kept of a packet. */
  readonly snapLength: number;
  /** Ends by itself after so long. */
  readonly milliseconds: number;
  /** And after so many packets, or bytes of a file that is written. */
  readonly packets?: number;
  readonly bytes?: number;
}

/** A join that was asked of the kernel, and what it said where it refused. */
export interface JoinOutcome extends WantedJoin {
  readonly interface: string;
  readonly error?: string;
}

/** That a capture stands. */
export interface Began {
  /** Interfaces that are watched. */
  readonly interfaces: readonly string[];
  /** Those that could not be, and why. */
  readonly failures: readonly { readonly interface: string; readonly error: string }[];
  readonly joins: readonly JoinOutcome[];
}

/** What there is to see at a glance: the sources with most packets. */
export interface Glance {
  readonly sources: readonly SeenSource[];
  /** Rows that there are. */
  readonly rows: number;
  readonly packets: number;
  /** Packets that the capture itself lost. */
  readonly lost: number;
}

/** All that was counted in the end. */
export interface Tally {
  readonly report: AccountReport;
  readonly lost: number;
  /** Packets kept in a file. */
  readonly written: number;
  /** Why it ended before its time. */
  readonly problem?: string;
}

export interface WatchEvents {
  /** Sources that are new. */
  readonly onFresh: (sources: readonly SeenSource[]) => void;
  readonly onBegan: (began: Began) => void;
}

export interface Watch {
  /** As of now, or of half a second ago. */
  glance(): Glance;
  /** Ends it soon; `ended` then resolves. */
  stop(): void;
  /** Rejects with CannotCapture when there was nothing to count. */
  readonly ended: Promise<Tally>;
}

/** Nothing could be captured: no right, no such interface, no module. */
export class CannotCapture extends Error {
  /** `no-module`: node_pcap, or the program, is not installed; another way may do. */
  readonly kind: 'no-module' | 'no-right' | 'other';
  constructor(message: string, kind: CannotCapture['kind']) {
    super(message);
    this.name = 'CannotCapture';
    this.kind = kind;
  }
}

/** Sources in a glance. */
export const GLANCE = 100;
/** Packets that are counted between two looks at the clock. */
export const STRIDE = 256;
