import { u16 } from './bytes.ts';
import { lacking, malformed, type Packet, UDP } from './packet.ts';

export const PROTOCOL_UDP = 17;
const HEADER = 8;

/** Reads the UDP header at `packet.transport` (RFC 768; length 0 in an IPv6 jumbogram: RFC 2675 §4). */
export function readUdp(packet: Packet, bytes: Uint8Array): void {
  const at = packet.transport;
  if (at + HEADER > Math.min(packet.end, packet.ipEnd)) {
    lacking(packet, UDP, at, at + HEADER, packet.ipEnd);
    return;
  }
  packet.sourcePort = u16(bytes, at);
  packet.destinationPort = u16(bytes, at + 2);
  packet.payload = at + HEADER;
  const end = datagramEnd(packet, u16(bytes, at + 4));
  packet.payloadEnd = Math.max(packet.payload, Math.min(end, packet.ipEnd, packet.end));
}

/** Where the datagram ends by its own length. A first fragment holds less than that. */
function datagramEnd(packet: Packet, length: number): number {
  const at = packet.transport;
  if (length === 0 && packet.family === 6 && packet.ipEnd - at > 0xffff) return packet.ipEnd;
  if (length < HEADER || (at + length > packet.ipEnd && !packet.moreFragments)) {
    malformed(packet, UDP, at);
    return packet.ipEnd;
  }
  return at + length;
}
