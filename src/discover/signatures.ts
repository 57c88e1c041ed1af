/** Protocols that are told from single datagrams. */
import { u16 } from '../capture/decode/bytes.ts';
import { type Datagram, hasPort, startsWith } from './datagram.ts';

/** One protocol, and how sure a datagram makes of it: 0 (is not) … 1. */
export interface Signature {
  readonly kind: string;
  readonly score: (datagram: Datagram) => number;
}

/** In no order: the highest score wins. */
export const SIGNATURES: readonly Signature[] = [
  { kind: 'mdns', score: (d) => (hasPort(d, 5353) && isDns(d) ? 0.98 : 0) },
  { kind: 'llmnr', score: (d) => (hasPort(d, 5355) && isDns(d) ? 0.95 : 0) },
  {
    kind: 'ssdp',
    score: (d) => (SSDP_STARTS.some((text) => startsWith(d, text)) ? (hasPort(d, 1900) ? 0.99 : 0.8) : 0),
  },
  {
    kind: 'ws-discovery',
    score: (d) => (hasPort(d, 3702) && (startsWith(d, '<') || startsWith(d, '\xef\xbb\xbf<')) ? 0.9 : 0),
  },
  // OMG DDSI-RTPS §9.4.4; RTPX is RTI's older one.
  { kind: 'rtps', score: (d) => (startsWith(d, 'RTPS') || startsWith(d, 'RTPX') ? 0.99 : 0) },
  { kind: 'sap', score: (d) => (hasPort(d, 9875) && isSap(d) ? 0.97 : 0) },
  { kind: 'ntp', score: (d) => (hasPort(d, 123) && isNtp(d) ? 0.95 : 0) },
  { kind: 'ptp', score: (d) => ((hasPort(d, 319) || hasPort(d, 320)) && isPtp(d) ? 0.97 : 0) },
  { kind: 'jgroups', score: scoreJgroups },
  { kind: 'hazelcast', score: (d) => (d.destinationPort === 54_327 ? 0.7 : 0) },
  { kind: 'rtcp', score: (d) => (isRtcp(d) ? ((d.destinationPort & 1) === 1 ? 0.9 : 0.6) : 0) },
  { kind: 'sacn', score: (d) => (startsWith(d, 'ASC-E1.17\0\0\0', 4) ? 0.99 : 0) },
  { kind: 'art-net', score: (d) => (startsWith(d, 'Art-Net\0') ? 0.99 : 0) },
  { kind: 'rip', score: (d) => (hasPort(d, 520) && byte(d, 1) === 2 && d.length % 20 === 4 ? 0.95 : 0) },
  { kind: 'hsrp', score: (d) => (hasPort(d, 1985) && d.length >= 20 ? 0.9 : 0) },
  {
    kind: 'dhcpv6',
    score: (d) => ((hasPort(d, 546) || hasPort(d, 547)) && byte(d, 0) >= 1 && byte(d, 0) <= 36 ? 0.9 : 0),
  },
];

const SSDP_STARTS = ['M-SEARCH * HTTP/1.1', 'NOTIFY * HTTP/1.1', 'HTTP/1.1 200 OK'];

/** A byte of the payload, or -1 behind its end. */
function byte(d: Datagram, at: number): number {
  return d.start + at < d.end ? d.bytes[d.start + at]! : -1;
}

/** A DNS header (RFC 1035 §4.1.1): a query or response with a plausible number of entries. */
function isDns(d: Datagram): boolean {
  if (d.end - d.start < 12) return false;
  const entries =
    u16(d.bytes, d.start + 4) + u16(d.bytes, d.start + 6) + u16(d.bytes, d.start + 8) + u16(d.bytes, d.start + 10);
  return (byte(d, 2) & 0x78) === 0 && entries > 0 && entries * 5 <= d.length;
}

/** RFC 2974: version 1, then an address of the family that its A bit says. */
function isSap(d: Datagram): boolean {
  return d.length > 8 && (byte(d, 0) & 0xe0) === 0x20;
}

/** RFC 5905: version 1 … 4, and a mode; 5 is broadcast. */
function isNtp(d: Datagram): boolean {
  const [version, mode] = [(byte(d, 0) >> 3) & 7, byte(d, 0) & 7];
  return d.length >= 48 && version >= 1 && version <= 4 && mode >= 1 && mode <= 5;
}

/** IEEE 1588: version 2, and its own length. */
function isPtp(d: Datagram): boolean {
  return d.end - d.start >= 34 && (byte(d, 1) & 0x0f) === 2 && u16(d.bytes, d.start + 2) <= d.length;
}

/** RFC 3550 §6.4: version 2, a packet type 200 … 204 (207 with extensions), and its length in words. */
function isRtcp(d: Datagram): boolean {
  if (d.end - d.start < 8 || byte(d, 0) >> 6 !== 2) return false;
  const type = byte(d, 1);
  return type >= 200 && type <= 207 && (u16(d.bytes, d.start + 2) + 1) * 4 <= d.length;
}

/**
 * JGroups has no magic: its version (major in the upper 5 of 16 bits, 2 … 5) and a byte of flags, of which a multicast has
 * 2 set (org.jgroups.Version, org.jgroups.protocols.TP). Sure only on its usual ports.
 */
function scoreJgroups(d: Datagram): number {
  const major = byte(d, 0) >> 3;
  const flags = byte(d, 2);
  if (major < 2 || major > 5 || flags < 2 || flags > 7 || (flags & 2) === 0) return 0;
  return JGROUPS_PORTS.includes(d.destinationPort) ? 0.9 : 0.2;
}

const JGROUPS_PORTS = [45_588, 45_688, 45_700, 46_655, 55_200];
