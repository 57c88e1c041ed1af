/** A datagram as a packet filter sees it. */
import { isMulticast } from './group.ts';
import type { Family } from './netns.ts';

/** What is absent is not known: conditions on it may or may not hold. */
export interface Datagram {
  readonly family: Family;
  /** Where it is filtered. */
  readonly hook: 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress';
  /** It is filtered as a frame within a bridge, between two of its ports. */
  readonly bridged?: boolean;
  readonly source?: string;
  readonly destination: string;
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  /** IP protocol number: 17 UDP, 2 IGMP, 58 ICMPv6 (which carries MLD). */
  readonly protocol: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Type of an IGMP or ICMPv6 message: 0x11 IGMP query, 0x16 and 0x22 IGMPv2 and v3 report, 130 MLD query, 143 MLDv2 report. */
  readonly messageType?: number;
}

/**
 * The states of connection tracking that the datagram may have, in lower case. Nobody answers from a group's address, so that a
 * stream to a group stays `new` for ever. MLD and neighbour discovery are not tracked
 * (net/netfilter/nf_conntrack_proto_icmpv6.c), IGMP is.
 */
export function conntrackStates(datagram: Datagram, untracked: boolean | undefined): readonly string[] {
  const tracked = trackedStates(datagram);
  if (untracked === true) return ['untracked'];
  return untracked === undefined ? [...new Set([...tracked, 'untracked'])] : tracked;
}

function trackedStates({ destination, protocol, messageType }: Datagram): readonly string[] {
  if (protocol === ICMPV6 && messageType === undefined)
    return ['new', 'established', 'related', 'invalid', 'untracked'];
  if (protocol === ICMPV6 && messageType !== undefined && UNTRACKED.has(messageType)) return ['untracked'];
  return isMulticast(destination) ? ['new'] : ['new', 'established', 'related'];
}

const ICMPV6 = 58;
/** MLDv1, router and neighbour discovery, MLDv2 reports. */
const UNTRACKED: ReadonlySet<number> = new Set([130, 131, 132, 133, 134, 135, 136, 143]);
