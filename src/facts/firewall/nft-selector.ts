/** Left-hand sides of nft expressions: which part of a datagram is compared. */
import type { FirewallMatch } from '../../model/packet-filter.ts';
import { record } from './nft-values.ts';
import { protocolNumber } from './protocols.ts';

/** A part of a datagram that kmcast understands. */
export interface Selector {
  readonly kind: Exclude<FirewallMatch['kind'], 'other'> | 'family';
  /** Conditions that nft leaves out of its listing because the expression implies them. */
  readonly implied: readonly FirewallMatch[];
  /** The family that an address is of, as a condition. */
  readonly family?: FirewallMatch;
  /** The protocol of a message type. */
  readonly protocol?: number;
}

const META: Readonly<Record<string, Selector['kind']>> = {
  iif: 'input',
  iifname: 'input',
  oif: 'output',
  oifname: 'output',
  l4proto: 'protocol',
  pkttype: 'packet-type',
  nfproto: 'family',
  protocol: 'family',
};

const IPV4: FirewallMatch = { kind: 'destination', prefixes: ['0.0.0.0/0'] };
const IPV6: FirewallMatch = { kind: 'destination', prefixes: ['::/0'] };

const HEADER: Readonly<Record<string, Selector>> = {
  'ip saddr': { kind: 'source', implied: [], family: IPV4 },
  'ip daddr': { kind: 'destination', implied: [], family: IPV4 },
  'ip protocol': { kind: 'protocol', implied: [IPV4] },
  'ip6 saddr': { kind: 'source', implied: [], family: IPV6 },
  'ip6 daddr': { kind: 'destination', implied: [], family: IPV6 },
  'ip6 nexthdr': { kind: 'protocol', implied: [IPV6] },
  'th sport': { kind: 'source-port', implied: [] },
  'th dport': { kind: 'destination-port', implied: [] },
};

/** The part that an expression names; `undefined` when it is none of them (marks, masks, concatenations, lengths …). */
export function selectorOf(left: unknown): Selector | undefined {
  const { meta, payload, ct, fib } = record(left) ?? {};
  const metaKey = record(meta)?.key;
  if (typeof metaKey === 'string') return kindOnly(META[metaKey]);
  const { protocol, field } = record(payload) ?? {};
  if (typeof protocol === 'string' && typeof field === 'string') return headerField(protocol, field);
  if (record(ct)?.key === 'state') return { kind: 'state', implied: [] };
  const { result, flags } = record(fib) ?? {};
  const onDestination = Array.isArray(flags) ? flags.length === 1 && flags[0] === 'daddr' : flags === 'daddr';
  return result === 'type' && onDestination ? { kind: 'destination-type', implied: [] } : undefined;
}

function kindOnly(kind: Selector['kind'] | undefined): Selector | undefined {
  return kind === undefined ? undefined : { kind, implied: [] };
}

/** `udp dport` implies UDP, `icmpv6 type` ICMPv6. */
function headerField(header: string, field: string): Selector | undefined {
  const listed = HEADER[`${header} ${field}`];
  if (listed !== undefined) return listed;
  const number = protocolNumber(header);
  if (number === undefined) return undefined;
  const implied: readonly FirewallMatch[] = [{ kind: 'protocol', protocols: [number] }];
  if (field === 'sport' || field === 'dport')
    return { kind: field === 'sport' ? 'source-port' : 'destination-port', implied };
  const hasTypes = header === 'icmp' || header === 'icmpv6' || header === 'igmp';
  return hasTypes && field === 'type' ? { kind: 'message-type', implied, protocol: number } : undefined;
}
