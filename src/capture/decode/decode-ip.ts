import { addressText } from './address.ts';
import { u16, u32 } from './bytes.ts';
import type { DecodedIp } from './decoded.ts';
import { type ExtensionHeader, extensionHeaders, FRAGMENT, HOP_BY_HOP } from './extensions.ts';
import type { Packet } from './packet.ts';

/** The IP header of a packet of family 4 or 6 that the fast path decoded. */
export function ipOf(packet: Packet, bytes: Uint8Array): DecodedIp {
  const version = packet.family === 4 ? 4 : 6;
  const headers = extensionHeaders(packet, bytes);
  return {
    version,
    source: addressText(bytes, packet.source, version),
    destination: addressText(bytes, packet.destination, version),
    protocol: packet.protocol,
    ttl: packet.ttl,
    length: packet.ipEnd - packet.ip,
    trafficClass: version === 4 ? bytes[packet.ip + 1]! : (u16(bytes, packet.ip) >> 4) & 0xff,
    ...identificationOf(packet, bytes, headers),
    ...(isFragment(packet) ? { fragment: { offset: packet.fragmentOffset, more: packet.moreFragments } } : {}),
    ...(version === 4 ? { dontFragment: (bytes[packet.ip + 6]! & 0x40) !== 0 } : {}),
    routerAlert: hasRouterAlert(packet, bytes, headers),
    extensions: headers.map(({ kind }) => kind),
  };
}

function isFragment(packet: Packet): boolean {
  return packet.moreFragments || packet.fragmentOffset > 0;
}

function identificationOf(
  packet: Packet,
  bytes: Uint8Array,
  headers: readonly ExtensionHeader[],
): { identification?: number } {
  if (packet.family === 4) return { identification: u16(bytes, packet.ip + 4) };
  const header = headers.find(({ kind }) => kind === FRAGMENT);
  return header === undefined ? {} : { identification: u32(bytes, header.at + 4) };
}

/** IPv4 options 148 (RFC 2113); IPv6 hop-by-hop option 5 (RFC 2711). */
function hasRouterAlert(packet: Packet, bytes: Uint8Array, headers: readonly ExtensionHeader[]): boolean {
  if (packet.family === 4) {
    const end = Math.min(packet.ip + ((bytes[packet.ip]! & 0x0f) << 2), packet.end);
    return hasOption(bytes, packet.ip + 20, end, { option: 148, pad: 1, end: 0, lengthCounts: 0 });
  }
  const header = headers.find(({ kind }) => kind === HOP_BY_HOP);
  return (
    header !== undefined &&
    hasOption(bytes, header.at + 2, header.at + header.length, { option: 5, pad: 0, end: -1, lengthCounts: 2 })
  );
}

/** Walks options of type, length and value. `lengthCounts`: bytes that the length field leaves out. */
function hasOption(
  bytes: Uint8Array,
  from: number,
  to: number,
  layout: { readonly option: number; readonly pad: number; readonly end: number; readonly lengthCounts: number },
): boolean {
  for (let at = from; at < to; ) {
    const option = bytes[at]!;
    if (option === layout.option) return true;
    if (option === layout.end) return false;
    at += option === layout.pad ? 1 : Math.max(2, (at + 1 < to ? bytes[at + 1]! : 0) + layout.lengthCounts);
  }
  return false;
}
