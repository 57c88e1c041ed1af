/** What the fast path says of a packet: offsets and numbers in one object that is filled again for every packet. */

/** No problem; a header goes beyond what was captured; a header contradicts itself or the packet's length. */
export const INTACT = 0;
export const TRUNCATED = 1;
export const MALFORMED = 2;

/** Layers in which a problem can lie, by number. */
export const LAYERS = ['none', 'link', 'vlan', 'ipv4', 'ipv6', 'extension', 'udp', 'igmp', 'mld'] as const;
export type Layer = (typeof LAYERS)[number];
export const LINK = 1;
export const VLAN = 2;
export const IPV4 = 3;
export const IPV6 = 4;
export const EXTENSION = 5;
export const UDP = 6;

/**
 * A packet's fields. Offsets index the bytes that were decoded and are -1 where the packet has no such thing (or it was
 * cut off); so are the numbers. A class, and only small integers in it, so that V8 stores into it without allocating.
 */
export class Packet {
  /** First byte, and the byte after the last captured one. */
  start = 0;
  end = 0;
  /** Where the packet ended on the wire: `end` or beyond. */
  wireEnd = 0;

  /** Offsets of the 6-byte addresses. */
  destinationMac = -1;
  sourceMac = -1;
  /** Number of 802.1Q/802.1ad tags, the offset of the first one's TCI, and its VLAN id; -1 for untagged. */
  tags = 0;
  tag = -1;
  vlan = -1;
  /** EtherType behind the tags. 0 where the link layer has none, or an 802.3 length. */
  etherType = 0;
  /** LINUX_SLL and SLL2: 0 to us, 1 broadcast, 2 multicast, 3 to someone else, 4 sent by us (packet(7)). */
  packetType = -1;
  /** LINUX_SLL and SLL2: ARPHRD_* of the interface; SLL2: its index. */
  hardware = -1;
  interfaceIndex = -1;

  /** 4, 6, or 0 for anything else. */
  family = 0;
  /** Offset of the IP header, and of the byte after the IP packet as its header gives the length. */
  ip = -1;
  ipEnd = -1;
  /** Offsets of the addresses, 4 or 16 bytes. */
  source = -1;
  destination = -1;
  /** TTL or hop limit. */
  ttl = -1;
  /** IP protocol behind the extension headers: 17 for UDP. */
  protocol = -1;
  /** In bytes; 0 for a whole packet and for the first fragment. */
  fragmentOffset = 0;
  moreFragments = false;
  /** Offset of the header of `protocol`; -1 also for all fragments but the first. */
  transport = -1;

  sourcePort = -1;
  destinationPort = -1;
  /** The UDP payload that was captured: [payload, payloadEnd). */
  payload = -1;
  payloadEnd = -1;

  /** INTACT, TRUNCATED or MALFORMED, for the first problem; its layer (index of LAYERS) and the offset of the header. */
  problem = INTACT;
  problemLayer = 0;
  problemAt = -1;
}

/** Makes the packet blank for `bytes[start, end)`, which was `wireLength` bytes long on the wire. */
export function begin(packet: Packet, start: number, end: number, wireLength: number): void {
  packet.start = start;
  packet.end = end;
  packet.wireEnd = Math.max(end, start + wireLength);
  packet.destinationMac = -1;
  packet.sourceMac = -1;
  packet.tags = 0;
  packet.tag = -1;
  packet.vlan = -1;
  packet.etherType = 0;
  packet.packetType = -1;
  packet.hardware = -1;
  packet.interfaceIndex = -1;
  packet.family = 0;
  packet.ip = -1;
  packet.ipEnd = -1;
  packet.source = -1;
  packet.destination = -1;
  packet.ttl = -1;
  packet.protocol = -1;
  packet.fragmentOffset = 0;
  packet.moreFragments = false;
  packet.transport = -1;
  packet.sourcePort = -1;
  packet.destinationPort = -1;
  packet.payload = -1;
  packet.payloadEnd = -1;
  packet.problem = INTACT;
  packet.problemLayer = 0;
  packet.problemAt = -1;
}

/** Notes that the header at `at` contradicts itself or its packet. The first problem stands. */
export function malformed(packet: Packet, layer: number, at: number): void {
  if (packet.problem !== INTACT) return;
  packet.problem = MALFORMED;
  packet.problemLayer = layer;
  packet.problemAt = at;
}

/**
 * Notes that the header at `at` needs bytes up to `need`, which were not captured: truncated when the packet, which
 * ends at `declaredEnd` by the layer below, had them, and malformed when it never did.
 */
export function lacking(packet: Packet, layer: number, at: number, need: number, declaredEnd: number): void {
  if (packet.problem !== INTACT) return;
  packet.problem = need > declaredEnd ? MALFORMED : TRUNCATED;
  packet.problemLayer = layer;
  packet.problemAt = at;
}
