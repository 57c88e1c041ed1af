/** Everything that is counted at one place: sources, what their streams are, memberships. One packet at a time, in bounded memory. */

import { OUTBOUND } from '../capture/capture-record.ts';
import { addressText } from '../capture/decode/address.ts';
import { readMembership } from '../capture/decode/decode.ts';
import { decodeInto } from '../capture/decode/fast.ts';
import { Packet } from '../capture/decode/packet.ts';
import type { GroupQuery } from './group-query.ts';
import { type Matcher, matcherOf } from './matcher.ts';
import { type MembershipReport, MembershipTable } from './membership-table.ts';
import type { OwnDatagrams } from './own-datagrams.ts';
import type { SourceRow } from './source-row.ts';
import { type Overflow, SourceTable } from './sources.ts';
import type { Stream } from './stream-tracker.ts';
import { Streams } from './streams.ts';

/** What one source sent to one group, on one interface, one way. */
export interface SeenSource extends Omit<SourceRow, 'interface' | 'slot'> {
  readonly interface: string;
  /** It left by this interface: its sender is this host or one of its pods. */
  readonly out?: true;
  /** Absent where no whole datagram was captured. */
  readonly stream?: Stream;
}

/** What was counted so far. Rows and overflow together are all packets that were asked for. */
export interface AccountReport {
  readonly sources: readonly SeenSource[];
  /** Rows that there are; more than `sources` when only so many were wanted. */
  readonly rows: number;
  readonly overflow: Overflow;
  readonly membership: MembershipReport;
  /** Time stamps of the first and last packet of any kind; 0 when there was none. */
  readonly first: number;
  readonly last: number;
  readonly packets: number;
}

export interface AccountOptions {
  /** Names of interfaces by the number that `count` is given. */
  readonly nameOf: (index: number) => string;
  /** Link-layer addresses of the place's own interfaces: what comes from them goes out, where the capture does not tell. */
  readonly ownMacs?: readonly string[];
  /** Knows kmcast's own datagrams, so that their loss can be told. */
  readonly own?: OwnDatagrams;
  /** Most rows. */
  readonly limit?: number;
}

/** A packet as `Account.count` takes it, in place: `bytes[start, end)`. */
export interface Sighting {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly wireLength: number;
  readonly linkType: number;
  /** The interface's number, and the packet's direction by it (CaptureRecord). */
  readonly interface: number;
  readonly direction: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Sources that are remembered as new: more at a time are a flood. */
const MOST_FRESH = 256;
/** packet(7)'s PACKET_OUTGOING in cooked captures. */
const PACKET_OUTGOING = 4;

export class Account {
  readonly #matches: Matcher;
  readonly #options: AccountOptions;
  readonly #packet = new Packet();
  readonly #table: SourceTable;
  readonly #streams: Streams;
  readonly #membership = new MembershipTable();
  readonly #ownMacs: readonly Uint8Array[];
  readonly #fresh: number[] = [];
  #first = 0;
  #last = 0;
  #packets = 0;

  constructor(queries: readonly GroupQuery[], options: AccountOptions) {
    this.#matches = matcherOf(queries);
    this.#options = options;
    this.#table = new SourceTable(options.limit === undefined ? {} : { limit: options.limit });
    this.#streams = new Streams(options.own);
    this.#ownMacs = (options.ownMacs ?? []).map((mac) => Buffer.from(mac.replaceAll(':', ''), 'hex'));
  }

  /** Counts a packet; returns whether it is one that is asked for, or speaks of memberships. */
  count(seen: Sighting): boolean {
    const packet = this.#packet;
    const { bytes } = seen;
    decodeInto(packet, bytes, seen.start, seen.end, seen.wireLength, seen.linkType);
    const time = seen.seconds + seen.nanoseconds / 1e9;
    if (this.#packets++ === 0 || time < this.#first) this.#first = time;
    if (time > this.#last) this.#last = time;
    if (!this.#matches(packet, bytes)) return this.#noteMembership(seen.interface, bytes, time);
    const out = seen.direction === OUTBOUND || packet.packetType === PACKET_OUTGOING || this.#isOwn(bytes);
    const slot = this.#table.count(packet, bytes, seen.interface * 2 + (out ? 1 : 0), time);
    const { fresh } = this.#table;
    this.#streams.observe(slot, fresh, packet, bytes);
    if (fresh && this.#fresh.length < MOST_FRESH) this.#fresh.push(slot);
    return true;
  }

  /** Whether there are sources that `takeFresh` has not given yet. */
  get hasFresh(): boolean {
    return this.#fresh.length > 0;
  }

  /** Sources seen for the first time since this was last asked, or again after they were evicted; at most 256. */
  takeFresh(): SeenSource[] {
    const slots = [...new Set(this.#fresh)];
    this.#fresh.length = 0;
    return slots.map((slot) => this.#seen(this.#table.row(slot)));
  }

  /** @param limit most sources that are listed, those with most packets first. */
  report(limit?: number): AccountReport {
    return {
      sources: this.#table.rows(limit).map((row) => this.#seen(row)),
      rows: this.#table.size,
      overflow: this.#table.overflow,
      membership: this.#membership.report(),
      first: this.#first,
      last: this.#last,
      packets: this.#packets,
    };
  }

  #noteMembership(iface: number, bytes: Uint8Array, time: number): boolean {
    const packet = this.#packet;
    const message = readMembership(packet, bytes);
    if (message === undefined) return false;
    const family = packet.family === 4 ? 4 : 6;
    const address = addressText(bytes, packet.source, family);
    this.#membership.note(message, { interface: this.#options.nameOf(iface), family, address, time });
    return true;
  }

  #isOwn(bytes: Uint8Array): boolean {
    const at = this.#packet.sourceMac;
    if (at < 0) return false;
    for (const mac of this.#ownMacs) {
      let i = 0;
      while (i < 6 && bytes[at + i] === mac[i]) i++;
      if (i === 6) return true;
    }
    return false;
  }

  #seen({ slot, interface: number, ...row }: SourceRow): SeenSource {
    const stream = this.#streams.stream(slot);
    return {
      ...row,
      interface: this.#options.nameOf(number >> 1),
      ...((number & 1) === 1 ? { out: true } : {}),
      ...(stream === undefined ? {} : { stream }),
    };
  }
}
