/** Who asks for memberships on each interface, and who has joined what, in bounded memory. */
import type { Membership } from '../capture/decode/membership.ts';
import type { Family } from '../model/netns.ts';

/** A querier (RFC 2236, RFC 3376, RFC 2710, RFC 3810). */
export interface Querier {
  readonly interface: string;
  readonly family: Family;
  /** 0.0.0.0 for a switch that has no address: IGMP allows no election then. */
  readonly address: string;
  /** `igmpv2`, `igmpv3`, `mldv1` … */
  readonly version: string;
  readonly queries: number;
  /** Seconds between general queries: as observed, else as an IGMPv3 or MLDv2 query announces it. */
  readonly interval?: { readonly seconds: number; readonly known: 'observed' | 'announced' };
  /** Seconds, on the clock of the packets. */
  readonly last: number;
}

/** A host's last word on a group. */
export interface Member {
  readonly interface: string;
  readonly family: Family;
  readonly address: string;
  readonly group: string;
  /** Protocol of its reports. */
  readonly version: string;
  /** Sources of a source-specific membership; with `excludes`, those that it does not want. */
  readonly sources: readonly string[];
  readonly excludes: boolean;
  /** It has left. */
  readonly left?: true;
  readonly last: number;
}

/** What was heard of memberships. */
export interface MembershipReport {
  readonly queriers: readonly Querier[];
  readonly members: readonly Member[];
  /** Hosts or groups beyond those that are remembered. */
  readonly overflow: number;
}

/** Where and when a message was seen. */
export interface Heard {
  readonly interface: string;
  readonly family: Family;
  readonly address: string;
  readonly time: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const MOST_QUERIERS = 64;
const MOST_MEMBERS = 4096;

export class MembershipTable {
  readonly #queriers = new Map<string, Mutable<Querier> & { lastGeneral?: number }>();
  readonly #members = new Map<string, Mutable<Member>>();
  #overflow = 0;

  /** Takes a message. */
  note(message: Membership, heard: Heard): void {
    const [version = '', kind] = message.type.split('-');
    if (kind === 'query') this.#noteQuery(message, heard, version);
    else if (message.records !== undefined)
      for (const record of message.records) this.#noteRecord(record, heard, version);
    else if (message.group !== undefined && (kind === 'report' || kind === 'leave' || kind === 'done'))
      this.#noteMember(heard, message.group, version, [], true, kind !== 'report');
  }

  report(): MembershipReport {
    return {
      queriers: [...this.#queriers.values()].map(({ lastGeneral: _, ...querier }) => querier),
      members: [...this.#members.values()].map((member) => ({ ...member })),
      overflow: this.#overflow,
    };
  }

  #noteQuery(message: Membership, heard: Heard, version: string): void {
    const key = `${heard.interface} ${heard.address} ${version}`;
    let querier = this.#queriers.get(key);
    if (querier === undefined) {
      if (this.#queriers.size === MOST_QUERIERS) {
        this.#overflow++;
        return;
      }
      const { time, ...place } = heard;
      querier = { ...place, version, queries: 0, last: time };
      this.#queriers.set(key, querier);
    }
    querier.queries++;
    querier.last = heard.time;
    if (message.group !== undefined) return;
    const since = querier.lastGeneral === undefined ? 0 : heard.time - querier.lastGeneral;
    querier.lastGeneral = heard.time;
    // A querier that starts up sends its first queries a quarter of the interval apart (RFC 3376 §8.6): the longest pause counts.
    if (since > 0 && (querier.interval?.known !== 'observed' || since > querier.interval.seconds))
      querier.interval = { seconds: Math.round(since * 10) / 10, known: 'observed' };
    else if (message.queryInterval !== undefined)
      querier.interval ??= { seconds: message.queryInterval, known: 'announced' };
  }

  #noteRecord(
    { record, group, sources }: NonNullable<Membership['records']>[number],
    heard: Heard,
    version: string,
  ): void {
    const excludes = record === 'is-ex' || record === 'to-ex';
    const includes = record === 'is-in' || record === 'to-in' || record === 'allow';
    // Blocking a source changes a membership, and does not make one.
    if (excludes || includes)
      this.#noteMember(heard, group, version, sources, excludes, !excludes && sources.length === 0);
  }

  #noteMember(
    { time, ...place }: Heard,
    group: string,
    version: string,
    sources: readonly string[],
    excludes: boolean,
    left: boolean,
  ): void {
    const key = `${place.interface} ${place.address} ${group}`;
    if (!this.#members.has(key) && this.#members.size === MOST_MEMBERS) {
      this.#overflow++;
      return;
    }
    this.#members.set(key, { ...place, group, version, sources, excludes, ...(left ? { left } : {}), last: time });
  }
}
