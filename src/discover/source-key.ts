/** What tells one source from another, as 32-bit words: interface, VLAN, protocol, addresses and ports. */
import { i32 } from '../capture/decode/bytes.ts';
import type { Packet } from '../capture/decode/packet.ts';

export const KEY_WORDS = 11;
const INTERFACE = 0;
const KIND = 1;
const PORTS = 2;
const SOURCE = 3;
const GROUP = 7;

/** Writes the key of a decoded IP packet into `key`, and returns its hash. */
export function writeKey(
  key: Int32Array,
  packet: Packet,
  bytes: Uint8Array,
  interfaceIndex: number,
  seed: number,
): number {
  const hasPorts = packet.sourcePort >= 0;
  key[INTERFACE] = interfaceIndex;
  key[KIND] = ((packet.vlan + 1) << 16) | (packet.family << 12) | (hasPorts ? 1 << 8 : 0) | packet.protocol;
  key[PORTS] = hasPorts ? (packet.sourcePort << 16) | packet.destinationPort : 0;
  if (packet.family === 4) {
    key[SOURCE] = i32(bytes, packet.source);
    key[GROUP] = i32(bytes, packet.destination);
    for (let i = 1; i < 4; i++) {
      key[SOURCE + i] = 0;
      key[GROUP + i] = 0;
    }
  } else {
    for (let i = 0; i < 4; i++) {
      key[SOURCE + i] = i32(bytes, packet.source + 4 * i);
      key[GROUP + i] = i32(bytes, packet.destination + 4 * i);
    }
  }
  return hash(key, seed);
}

/** MurmurHash3's mixing, seeded: whoever forges addresses cannot aim at one chain of a table. */
function hash(key: Int32Array, seed: number): number {
  let state = seed;
  for (let i = 0; i < KEY_WORDS; i++) {
    const mixed = Math.imul(key[i]!, 0xcc9e2d51 | 0);
    state ^= Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    state = (Math.imul((state << 13) | (state >>> 19), 5) + (0xe6546b64 | 0)) | 0;
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b | 0);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35 | 0);
  return state ^ (state >>> 16);
}

/** The parts of a key. */
export interface SourceKey {
  /** As it was given to the table. */
  readonly interface: number;
  /** Outermost VLAN id of tagged packets. */
  readonly vlan?: number;
  readonly family: 4 | 6;
  /** IP protocol: 17 for UDP. */
  readonly protocol: number;
  /** 4 or 16 bytes. */
  readonly source: Uint8Array;
  readonly group: Uint8Array;
  /** Absent for other protocols than UDP, and for fragments behind the first. */
  readonly sourcePort?: number;
  readonly port?: number;
}

/** Reads the key that begins at word `at`. */
export function readKey(words: Int32Array, at: number): SourceKey {
  const kind = words[at + KIND]!;
  const ports = words[at + PORTS]!;
  const vlan = (kind >>> 16) - 1;
  const family = ((kind >>> 12) & 0xf) === 4 ? 4 : 6;
  return {
    interface: words[at + INTERFACE]!,
    ...(vlan < 0 ? {} : { vlan }),
    family,
    protocol: kind & 0xff,
    source: addressBytes(words, at + SOURCE, family),
    group: addressBytes(words, at + GROUP, family),
    ...((kind & 0x100) === 0 ? {} : { sourcePort: ports >>> 16, port: ports & 0xffff }),
  };
}

function addressBytes(words: Int32Array, at: number, family: 4 | 6): Uint8Array {
  const bytes = new Uint8Array(family === 4 ? 4 : 16);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < bytes.length; i += 4) view.setInt32(i, words[at + i / 4]!);
  return bytes;
}
