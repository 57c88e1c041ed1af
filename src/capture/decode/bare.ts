import { u32 } from './bytes.ts';
import { readIpv4 } from './ipv4.ts';
import { readIpv6 } from './ipv6.ts';
import { LINK, lacking, malformed, type Packet } from './packet.ts';

/** AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS. AF_INET is 2 everywhere. */
const AF_INET = 2;
const AF_INET6 = new Set([10, 23, 24, 28, 30]);

/** Reads BSD loopback encapsulation: an address family in the capturing machine's byte order (NULL) or in network order (LOOP). */
export function readLoopback(packet: Packet, bytes: Uint8Array): void {
  const at = packet.start;
  if (at + 4 > packet.end) {
    lacking(packet, LINK, at, at + 4, packet.wireEnd);
    return;
  }
  const value = u32(bytes, at);
  // Families are small: a value that fills the upper half is one in the other byte order.
  const family = value > 0xffff ? (value >>> 24) | ((value >>> 8) & 0xff00) : value;
  if (family === AF_INET) readIpv4(packet, bytes, at + 4);
  else if (AF_INET6.has(family)) readIpv6(packet, bytes, at + 4);
}

/** Reads a packet that begins with its IP header, of either version. */
export function readRaw(packet: Packet, bytes: Uint8Array): void {
  const at = packet.start;
  if (at >= packet.end) {
    lacking(packet, LINK, at, at + 1, packet.wireEnd);
    return;
  }
  const version = bytes[at]! >> 4;
  if (version === 4) readIpv4(packet, bytes, at);
  else if (version === 6) readIpv6(packet, bytes, at);
  else malformed(packet, LINK, at);
}
