/** What IGMP and MLD messages say, in words that both share. */
import type { Packet } from './packet.ts';

/** A record of an IGMPv3 or MLDv2 report (RFC 3376 §4.2.12, RFC 3810 §5.2.12). */
export interface GroupRecord {
  /** is-in, is-ex, to-in, to-ex, allow, block; `record-N` for a type that neither RFC has. */
  readonly record: string;
  readonly group: string;
  readonly sources: readonly string[];
}

/** An IGMP or MLD message. */
export interface Membership {
  /** igmpv2-query, igmpv3-report, mldv1-done … as in `MembershipMessage.type`. */
  readonly type: string;
  /** The group asked for, reported or left; absent in a general query and in reports of records. */
  readonly group?: string;
  /** Sources that an IGMPv3 or MLDv2 query asks for. */
  readonly sources?: readonly string[];
  /** Records of an IGMPv3 or MLDv2 report. */
  readonly records?: readonly GroupRecord[];
  /** Milliseconds that a query leaves for reports. */
  readonly maxResponse?: number;
  /** IGMPv3 and MLDv2 queries: querier's robustness variable and query interval in seconds, and "suppress router-side processing". */
  readonly robustness?: number;
  readonly queryInterval?: number;
  readonly suppress?: boolean;
  /** Why the message is not understood to its end; what was read before that stands. */
  readonly problem?: 'truncated' | 'malformed';
}

/** The part of a packet that a message lies in. */
export interface Extent {
  /** Offset of its first byte. */
  readonly at: number;
  /** Offset after its last byte by the IP header, and after its last captured one. */
  readonly declaredEnd: number;
  readonly end: number;
}

/** Where the transport layer of the packet lies. */
export function transportExtent(packet: Packet): Extent {
  return { at: packet.transport, declaredEnd: packet.ipEnd, end: Math.min(packet.end, packet.ipEnd) };
}

/** The problem of a message that needs bytes up to `need`, or `undefined` when they are there. */
export function shortOf(extent: Extent, need: number): 'truncated' | 'malformed' | undefined {
  if (need <= extent.end) return undefined;
  return need > extent.declaredEnd ? 'malformed' : 'truncated';
}

/** Name of a record's type. */
export function recordName(type: number): string {
  return RECORDS[type] ?? `record-${type}`;
}

const RECORDS = [undefined, 'is-in', 'is-ex', 'to-in', 'to-ex', 'allow', 'block'];

/** Value of a floating-point code whose mantissa has this many bits (RFC 3376 §4.1.1: 4, RFC 3810 §5.1.3: 12). */
export function codeValue(code: number, mantissaBits: 4 | 12): number {
  const implied = 1 << mantissaBits;
  if (code < implied << 3) return code;
  return ((code & (implied - 1)) | implied) << (((code >> mantissaBits) & 7) + 3);
}
