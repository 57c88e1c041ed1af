import { u16 } from './bytes.ts';
import { PROTOCOL_AH, readExtensions } from './extensions.ts';
import { IPV4, lacking, malformed, type Packet } from './packet.ts';
import { PROTOCOL_UDP, readUdp } from './udp.ts';

const HEADER = 20;

/** Reads the IPv4 header at `at` (RFC 791) and the UDP header behind it. */
export function readIpv4(packet: Packet, bytes: Uint8Array, at: number): void {
  if (at + HEADER > packet.end) {
    lacking(packet, IPV4, at, at + HEADER, packet.wireEnd);
    return;
  }
  const headerLength = (bytes[at]! & 0x0f) << 2;
  if (bytes[at]! >> 4 !== 4 || headerLength < HEADER) {
    malformed(packet, IPV4, at);
    return;
  }
  packet.family = 4;
  packet.ip = at;
  packet.ttl = bytes[at + 8]!;
  packet.protocol = bytes[at + 9]!;
  packet.source = at + 12;
  packet.destination = at + 16;
  const fragment = u16(bytes, at + 6);
  packet.moreFragments = (fragment & 0x2000) !== 0;
  packet.fragmentOffset = (fragment & 0x1fff) << 3;

  // Segmentation offload leaves 0 in packets captured before the network card made several of them.
  const totalLength = u16(bytes, at + 2);
  packet.ipEnd = totalLength === 0 ? packet.wireEnd : at + totalLength;
  if (packet.ipEnd < at + headerLength || packet.ipEnd > packet.wireEnd) malformed(packet, IPV4, at);
  if (packet.ipEnd < at + headerLength) return;
  if (at + headerLength > packet.end) lacking(packet, IPV4, at, at + headerLength, packet.wireEnd);
  else if (packet.fragmentOffset === 0) readTransport(packet, bytes, at + headerLength);
}

function readTransport(packet: Packet, bytes: Uint8Array, at: number): void {
  if (packet.protocol === PROTOCOL_AH) readExtensions(packet, bytes, PROTOCOL_AH, at);
  else packet.transport = at;
  if (packet.protocol === PROTOCOL_UDP && packet.transport >= 0) readUdp(packet, bytes);
}
