/** The Internet checksum (RFC 1071), and which of a packet's it confirms. */
import { u16 } from './bytes.ts';
import { extensionHeaders, ROUTING } from './extensions.ts';
import { PROTOCOL_IGMP } from './igmp.ts';
import { PROTOCOL_ICMPV6 } from './mld.ts';
import type { Packet } from './packet.ts';
import { PROTOCOL_UDP } from './udp.ts';

/**
 * `absent`: a UDP checksum of 0, allowed over IPv4. `unknown`: the bytes that it covers are not all there (cut by the
 * capture, a fragment). A packet captured where it was sent often shows `bad`, because the network card fills it in later.
 */
export type ChecksumState = 'good' | 'bad' | 'absent' | 'unknown';

/** Verdicts on the checksums that the packet has. */
export interface Checksums {
  readonly ipv4?: ChecksumState;
  /** Of UDP, IGMP or ICMPv6. */
  readonly transport?: ChecksumState;
}

/** Verifies the IPv4 header's and the transport's checksum of a decoded packet. */
export function verifyChecksums(packet: Packet, bytes: Uint8Array): Checksums {
  const transport = packet.transport < 0 ? undefined : transportState(packet, bytes);
  return {
    ...(packet.family === 4 ? { ipv4: ipv4State(packet, bytes) } : {}),
    ...(transport === undefined ? {} : { transport }),
  };
}

function ipv4State(packet: Packet, bytes: Uint8Array): ChecksumState {
  const end = packet.ip + ((bytes[packet.ip]! & 0x0f) << 2);
  return end > packet.end ? 'unknown' : verdict(sum(bytes, packet.ip, end, 0));
}

function transportState(packet: Packet, bytes: Uint8Array): ChecksumState | undefined {
  const { protocol, transport, ipEnd } = packet;
  if (protocol === PROTOCOL_IGMP && packet.family === 4) {
    return isWhole(packet, ipEnd) ? verdict(sum(bytes, transport, ipEnd, 0)) : 'unknown';
  }
  if (protocol !== PROTOCOL_UDP && !(protocol === PROTOCOL_ICMPV6 && packet.family === 6)) return undefined;
  if (protocol === PROTOCOL_UDP && packet.payload >= 0 && u16(bytes, transport + 6) === 0)
    return packet.family === 4 ? 'absent' : 'bad';
  const end = protocol === PROTOCOL_UDP ? datagramEnd(packet, bytes) : ipEnd;
  if (!isWhole(packet, end) || isUnderway(packet, bytes)) return 'unknown';
  return verdict(sum(bytes, transport, end, pseudoHeader(packet, bytes, end - transport)));
}

function isWhole(packet: Packet, end: number): boolean {
  return !packet.moreFragments && end <= packet.end && end <= packet.ipEnd && end >= packet.transport + 8;
}

function datagramEnd(packet: Packet, bytes: Uint8Array): number {
  if (packet.payload < 0) return Number.POSITIVE_INFINITY;
  const length = u16(bytes, packet.transport + 4);
  return length === 0 ? packet.ipEnd : packet.transport + length;
}

/** Addresses, protocol and length (RFC 768, RFC 8200 §8.1). */
function pseudoHeader(packet: Packet, bytes: Uint8Array, length: number): number {
  const addressesEnd = packet.source + (packet.family === 4 ? 8 : 32);
  return sum(bytes, packet.source, addressesEnd, packet.protocol + (length >>> 16) + (length & 0xffff));
}

/** Whether a routing header holds the final destination, which is the one that the pseudo-header has. */
function isUnderway(packet: Packet, bytes: Uint8Array): boolean {
  return extensionHeaders(packet, bytes).some(({ kind, at }) => kind === ROUTING && bytes[at + 3] !== 0);
}

/** Sum of 16-bit words, carries kept; an odd last byte counts as the upper half of one. */
function sum(bytes: Uint8Array, from: number, to: number, initial: number): number {
  let total = initial;
  let at = from;
  for (; at + 1 < to; at += 2) total += u16(bytes, at);
  return at < to ? total + (bytes[at]! << 8) : total;
}

/** A sum that includes its own checksum folds to all ones when nothing was changed. */
function verdict(total: number): ChecksumState {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded === 0xffff ? 'good' : 'bad';
}
