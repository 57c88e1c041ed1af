/** Names that packet filters print for numbers: IP protocols, ports, types of ICMPv6 and IGMP messages. */

const PROTOCOLS: Readonly<Record<string, number>> = {
  ip: 0,
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  icmpv6: 58,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  sctp: 132,
  udplite: 136,
};

/** RFC 2710, 3810, 4443, 4861 as nft and ip6tables name them; IGMP (RFC 3376 §4) as nft does. */
const MESSAGES: Readonly<Record<string, number>> = {
  'membership-query': 0x11,
  'membership-report-v1': 0x12,
  'membership-report-v2': 0x16,
  'leave-group': 0x17,
  'membership-report-v3': 0x22,
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'nd-router-solicit': 133,
  'router-solicitation': 133,
  'nd-router-advert': 134,
  'router-advertisement': 134,
  'nd-neighbor-solicit': 135,
  'neighbour-solicitation': 135,
  'nd-neighbor-advert': 136,
  'neighbour-advertisement': 136,
  'nd-redirect': 137,
  'mld2-listener-report': 143,
};

/** Echo has different numbers in ICMP and ICMPv6. */
const ECHO: Readonly<Record<string, readonly [icmp: number, icmpv6: number]>> = {
  'echo-request': [8, 128],
  'echo-reply': [0, 129],
};

/** Number of an IP protocol. */
export function protocolNumber(text: string): number | undefined {
  return numeric(text) ?? PROTOCOLS[text.toLowerCase()];
}

/** Number of a message type of the protocol 1 (ICMP), 2 (IGMP) or 58 (ICMPv6). */
export function messageNumber(text: string, protocol: number): number | undefined {
  const echo = ECHO[text]?.[protocol === 1 ? 0 : 1];
  // ICMP's own errors have other numbers than ICMPv6's, and nobody filters multicast by them.
  return numeric(text) ?? echo ?? (protocol === 1 ? undefined : MESSAGES[text]);
}

/** A number, decimal or hexadecimal. */
export function numeric(text: string): number | undefined {
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : undefined;
}
