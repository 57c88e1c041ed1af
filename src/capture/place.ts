/** A place where packets are watched: what it is, what is asked of it, and what it then gives. */
import type { GroupQuery, WantedJoin } from '../discover/group-query.ts';
import type { PodObject } from '../facts/api/pod.ts';
import type { Access } from '../facts/observe/access.ts';
import type { Began, Watch, WatchEvents, WatchedInterface } from './live.ts';
import type { PcapngFile } from './pcapng-file.ts';

/** Where to watch. */
export type WatchPlace =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string; readonly node: string }
  | { readonly kind: 'pod'; readonly name: string; readonly pod: PodObject; readonly container?: string };

export interface PlaceWishes {
  readonly queries: readonly GroupQuery[];
  readonly joins: readonly WantedJoin[];
  /** `-i`; empty for the usual ones. */
  readonly interfaces: readonly string[];
  readonly snapLength: number;
  readonly milliseconds: number;
  readonly packets?: number;
  readonly bytes?: number;
  /** Where packets are kept: a descriptor that a process of its own may write to, or a file in this process. */
  readonly keep?: { readonly descriptor?: number; readonly file: PcapngFile; readonly label?: string };
}

export interface PlaceTools {
  /** Absent for `local`. */
  readonly access?: Access;
  readonly announce: (text: string) => void;
  readonly onFresh: WatchEvents['onFresh'];
  readonly signal: AbortSignal;
}

/** A place that is being watched. */
export interface WatchedPlace {
  readonly place: WatchPlace;
  readonly vantage: string;
  /** A process of its own captures, and writes the file. */
  readonly native: boolean;
  readonly interfaces: readonly WatchedInterface[];
  readonly began: Began;
  readonly watch: Watch;
}
