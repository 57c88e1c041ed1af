/** What `kmcast discover-source` ends with: one document, of which text is a rendering. */
import type { JoinOutcome } from '../capture/live.ts';
import type { SeenSource } from './account.ts';
import type { Answer } from './answer.ts';
import type { Member, Querier } from './membership-table.ts';
import type { NadAnswer } from './nad-answer.ts';
import type { Overflow } from './sources.ts';

/** A source at the place and interface where it was seen. */
export interface DiscoveredSource extends Omit<SeenSource, 'family' | 'first' | 'last'> {
  readonly place: string;
  /** UTC, ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** A place that was watched, or should have been. */
export interface DiscoveredPlace {
  readonly name: string;
  readonly vantage: string | null;
  readonly interfaces: readonly {
    readonly name: string;
    readonly addresses: readonly string[];
    readonly error?: string;
  }[];
  readonly joins: readonly JoinOutcome[];
  readonly packets: number;
  /** Packets that the capture itself lost. */
  readonly lost: number;
  /** Seconds. */
  readonly duration: number;
  readonly problem: string | null;
}

/** Where a group was seen to come in, and where it was not; the latter is empty when `--count` ended the look before its time. */
export interface GroupSighting {
  /** With its port. */
  readonly group: string;
  readonly seenOn: readonly { readonly place: string; readonly interface: string }[];
  readonly notSeenOn: readonly { readonly place: string; readonly interface: string }[];
}

/** Heard at a place; time in UTC, ISO 8601. */
type Placed<T> = Omit<T, 'last'> & { readonly place: string; readonly lastHeard: string };

export interface Discovery {
  readonly schemaVersion: 'kmcast/v1';
  readonly kind: 'Discovery';
  readonly kmcastVersion: string;
  readonly time: string;
  /** What was asked for; empty for all groups. */
  readonly groups: readonly string[];
  readonly places: readonly DiscoveredPlace[];
  readonly sources: readonly DiscoveredSource[];
  /** What the tables had no room for. */
  readonly overflow: Overflow;
  readonly sightings: readonly GroupSighting[];
  readonly membership: {
    readonly queriers: readonly Placed<Querier>[];
    readonly members: readonly Placed<Member>[];
    readonly overflow: number;
  };
  readonly answer: Answer & { readonly attachment?: NadAnswer };
}
