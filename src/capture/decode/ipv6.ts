import { u16, u32 } from './bytes.ts';
import { HOP_BY_HOP, isExtension, readExtensions } from './extensions.ts';
import { IPV6, lacking, malformed, type Packet } from './packet.ts';
import { PROTOCOL_UDP, readUdp } from './udp.ts';

export const IPV6_HEADER = 40;

/** Reads the IPv6 header at `at` (RFC 8200), its extension headers and the UDP header behind them. */
export function readIpv6(packet: Packet, bytes: Uint8Array, at: number): void {
  if (at + IPV6_HEADER > packet.end) {
    lacking(packet, IPV6, at, at + IPV6_HEADER, packet.wireEnd);
    return;
  }
  if (bytes[at]! >> 4 !== 6) {
    malformed(packet, IPV6, at);
    return;
  }
  const next = bytes[at + 6]!;
  packet.family = 6;
  packet.ip = at;
  packet.ttl = bytes[at + 7]!;
  packet.source = at + 8;
  packet.destination = at + 24;
  packet.ipEnd = at + IPV6_HEADER + payloadLength(packet, bytes, at, next);
  if (packet.ipEnd > packet.wireEnd) malformed(packet, IPV6, at);

  if (isExtension(next)) {
    readExtensions(packet, bytes, next, at + IPV6_HEADER);
  } else {
    packet.protocol = next;
    packet.transport = at + IPV6_HEADER;
  }
  if (packet.protocol === PROTOCOL_UDP && packet.transport >= 0) readUdp(packet, bytes);
}

function payloadLength(packet: Packet, bytes: Uint8Array, at: number, next: number): number {
  const length = u16(bytes, at + 4);
  return length === 0 && next === HOP_BY_HOP ? jumboLength(packet, bytes, at + IPV6_HEADER) : length;
}

/** The length of a jumbogram (RFC 2675 §2): option 0xc2 of the hop-by-hop header, which stands first there; 0 without one. */
function jumboLength(packet: Packet, bytes: Uint8Array, at: number): number {
  return at + 8 <= packet.end && bytes[at + 2] === 0xc2 && bytes[at + 3] === 4 ? u32(bytes, at + 4) : 0;
}
