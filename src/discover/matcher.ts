/** Tells packets that are asked for from others, without allocating. */

import ipaddr from 'ipaddr.js';
import { i32 } from '../capture/decode/bytes.ts';
import type { Packet } from '../capture/decode/packet.ts';
import type { GroupQuery } from './group-query.ts';

export type Matcher = (packet: Packet, bytes: Uint8Array) => boolean;

const IGMP = 2;
const ICMPV6 = 58;

interface Words {
  readonly family: number;
  readonly count: number;
  readonly group: Int32Array;
  readonly mask: Int32Array;
  readonly source: Int32Array | undefined;
  readonly port: number;
}

/** A matcher for these queries; with none, for every datagram to a group. IGMP and ICMPv6 are never among them. */
export function matcherOf(queries: readonly GroupQuery[]): Matcher {
  const wanted = queries.map(wordsOf);
  return (packet, bytes) => {
    if (packet.family === 0 || packet.protocol === IGMP || packet.protocol === ICMPV6) return false;
    if (wanted.length === 0) return isToGroup(packet, bytes);
    for (let i = 0; i < wanted.length; i++) if (matches(wanted[i]!, packet, bytes)) return true;
    return false;
  };
}

function isToGroup(packet: Packet, bytes: Uint8Array): boolean {
  const first = bytes[packet.destination]!;
  return packet.family === 4 ? first >> 4 === 0xe : first === 0xff;
}

function matches(words: Words, packet: Packet, bytes: Uint8Array): boolean {
  if (words.family !== packet.family) return false;
  if (words.port >= 0 && packet.destinationPort !== words.port) return false;
  for (let i = 0; i < words.count; i++) {
    if ((i32(bytes, packet.destination + 4 * i) & words.mask[i]!) !== words.group[i]) return false;
    if (words.source !== undefined && i32(bytes, packet.source + 4 * i) !== words.source[i]) return false;
  }
  return true;
}

function wordsOf(query: GroupQuery): Words {
  const [address = '', length] = query.prefix.split('/');
  const count = query.family === 4 ? 1 : 4;
  return {
    family: query.family,
    count,
    group: addressWords(address),
    mask: Int32Array.from({ length: count }, (_, i) => maskWord(Number(length) - 32 * i)),
    source: query.source === undefined ? undefined : addressWords(query.source),
    port: query.port ?? -1,
  };
}

function addressWords(address: string): Int32Array {
  const bytes = Uint8Array.from(ipaddr.parse(address).toByteArray());
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => i32(bytes, 4 * i));
}

function maskWord(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? -1 : -1 << (32 - bits);
}
