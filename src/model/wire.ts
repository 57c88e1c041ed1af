/** What was seen on the wire: datagrams of multicast groups, and who asked for them, in headers alone. */
import type { Family } from './netns.ts';

/** Datagrams that share every header field listed here, seen on one interface. */
export interface Flow {
  readonly interface: string;
  /** `in`: received by the interface; `out`: sent by this namespace through it. */
  readonly direction: 'in' | 'out';
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  /** IP protocol number: 17 for UDP. */
  readonly protocol: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly ttl: number;
  readonly sourceMac?: string;
  readonly destinationMac?: string;
  readonly packets: number;
  /** IP bytes, headers included. */
  readonly bytes: number;
  /** Largest IP packet, in bytes. */
  readonly largest: number;
  /** Fragments among the packets (offset > 0 or more-fragments set). */
  readonly fragments: number;
  /** Milliseconds from the start of the look to the first and last packet. */
  readonly first: number;
  readonly last: number;
}

/** An IGMP or MLD message. */
export interface MembershipMessage {
  readonly interface: string;
  readonly direction: 'in' | 'out';
  readonly family: Family;
  /** igmpv1-query, igmpv2-query, igmpv3-query, igmpv1-report, igmpv2-report, igmpv3-report, igmpv2-leave, mldv1-query … */
  readonly type: string;
  readonly source: string;
  /** The group asked for or reported; absent in a general query. IGMPv3/MLDv2 reports give one message for each record. */
  readonly group?: string;
  /** Record type of IGMPv3/MLDv2 reports: is-in, is-ex, to-in, to-ex, allow, block. */
  readonly record?: string;
  readonly sources?: readonly string[];
  readonly at: number;
}

/** One look at the interfaces of a namespace. */
export interface WireLook {
  /** Milliseconds that the look lasted. */
  readonly duration: number;
  /** Interfaces that were watched. */
  readonly interfaces: readonly string[];
  /** Groups that kmcast itself joined for this look, and on which interfaces; empty when it only looked. */
  readonly joined: readonly { readonly group: string; readonly interface: string; readonly source?: string }[];
  readonly flows: readonly Flow[];
  readonly messages: readonly MembershipMessage[];
  /** Packets that the capture itself lost. */
  readonly lost: number;
  /** More flows were there than are listed. */
  readonly truncated?: boolean;
}
