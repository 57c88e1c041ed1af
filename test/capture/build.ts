/** Builds packets layer by layer, for tests. Every function gives the bytes of its header and what it carries. */

/** Bytes from numbers (one byte each) and byte strings. */
export function bytes(...parts: readonly (number | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : part)));
}

export function be16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value);
}

export function be32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** An address' bytes: dotted IPv4, or IPv6 with all its groups or one `::`. */
export function address(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from(text.split('.').map(Number));
  const [head = '', tail] = text.split('::');
  const groups = (part: string | undefined) => (part ? part.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const zeros = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<number>(tail === undefined ? 0 : zeros).fill(0), ...groups(tail)];
  return bytes(...all.map(be16));
}

export function mac(text: string): Uint8Array {
  return Uint8Array.from(text.split(':').map((byte) => Number.parseInt(byte, 16)));
}

/** Internet checksum of all parts together (RFC 1071). */
export function checksum(...parts: readonly Uint8Array[]): number {
  const all = bytes(...parts);
  let sum = 0;
  for (let i = 0; i < all.length; i += 2) sum += (all[i]! << 8) | (all[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** The packet with `value` at `at`. */
export function patch16(packet: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(packet);
  copy.set(be16(value), at);
  return copy;
}

export interface Ends {
  readonly source: string;
  readonly destination: string;
}

function pseudoHeader(ends: Ends, protocol: number, length: number): Uint8Array {
  return bytes(address(ends.source), address(ends.destination), be32(length), be32(protocol));
}

export function udp(ends: Ends, sourcePort: number, destinationPort: number, payload: Uint8Array): Uint8Array {
  const datagram = bytes(be16(sourcePort), be16(destinationPort), be16(8 + payload.length), be16(0), payload);
  return patch16(datagram, 6, checksum(pseudoHeader(ends, 17, datagram.length), datagram) || 0xffff);
}

/** An IGMP message of any type: `body` follows the checksum. */
export function igmp(type: number, code: number, body: Uint8Array): Uint8Array {
  const message = bytes(type, code, be16(0), body);
  return patch16(message, 2, checksum(message));
}

/** An ICMPv6 message; `body` follows the checksum. */
export function icmpv6(ends: Ends, type: number, body: Uint8Array): Uint8Array {
  const message = bytes(type, 0, be16(0), body);
  return patch16(message, 2, checksum(pseudoHeader(ends, 58, message.length), message));
}

/** A group record of IGMPv3 and MLDv2 reports; `auxiliary` is a number of 32-bit words. */
export function record(type: number, group: string, sources: readonly string[], auxiliary = 0): Uint8Array {
  return bytes(
    type,
    auxiliary,
    be16(sources.length),
    address(group),
    ...sources.map(address),
    new Uint8Array(auxiliary * 4),
  );
}

export interface Ipv4Options {
  readonly ttl?: number;
  readonly trafficClass?: number;
  readonly identification?: number;
  readonly dontFragment?: boolean;
  readonly fragment?: { readonly offset: number; readonly more: boolean };
  /** A multiple of 4 bytes. */
  readonly options?: Uint8Array;
}

export function ipv4(ends: Ends, protocol: number, payload: Uint8Array, options: Ipv4Options = {}): Uint8Array {
  const extra = options.options ?? new Uint8Array(0);
  const flags =
    (options.dontFragment ? 0x4000 : 0) |
    (options.fragment?.more ? 0x2000 : 0) |
    ((options.fragment?.offset ?? 0) >> 3);
  const header = bytes(
    0x45 + extra.length / 4,
    options.trafficClass ?? 0,
    be16(20 + extra.length + payload.length),
    be16(options.identification ?? 0),
    be16(flags),
    options.ttl ?? 16,
    protocol,
    be16(0),
    address(ends.source),
    address(ends.destination),
    extra,
  );
  return bytes(patch16(header, 10, checksum(header)), payload);
}

/** An extension header without its next-header byte: kind, and the bytes from the second on. */
export interface Extension {
  readonly kind: number;
  readonly rest: Uint8Array;
}

export interface Ipv6Options {
  readonly hopLimit?: number;
  readonly trafficClass?: number;
  readonly extensions?: readonly Extension[];
}

export function ipv6(ends: Ends, protocol: number, payload: Uint8Array, options: Ipv6Options = {}): Uint8Array {
  const extensions = options.extensions ?? [];
  const kinds = [...extensions.map(({ kind }) => kind), protocol];
  const chain = bytes(...extensions.map(({ rest }, i) => bytes(kinds[i + 1]!, rest)));
  const first = be32(0x60000000 | ((options.trafficClass ?? 0) << 20));
  const fixed = bytes(first, be16(chain.length + payload.length), kinds[0]!, options.hopLimit ?? 16);
  return bytes(fixed, address(ends.source), address(ends.destination), chain, payload);
}

export interface Tag {
  readonly protocol: number;
  readonly control: number;
}

/** EtherType and payload behind any tags, the first EtherType left to the caller: [its value, what follows]. */
export function tagged(tags: readonly Tag[], etherType: number, payload: Uint8Array): [number, Uint8Array] {
  const types = [...tags.map(({ protocol }) => protocol), etherType];
  return [types[0]!, bytes(...tags.map(({ control }, i) => bytes(be16(control), be16(types[i + 1]!))), payload)];
}

/** An Ethernet frame, padded to 60 bytes. */
export function ethernet(
  destination: string,
  source: string,
  tags: readonly Tag[],
  etherType: number,
  payload: Uint8Array,
): Uint8Array {
  const [type, rest] = tagged(tags, etherType, payload);
  const frame = bytes(mac(destination), mac(source), be16(type), rest);
  return frame.length < 60 ? bytes(frame, new Uint8Array(60 - frame.length)) : frame;
}

export function sll(
  packetType: number,
  source: string,
  tags: readonly Tag[],
  etherType: number,
  payload: Uint8Array,
): Uint8Array {
  const [type, rest] = tagged(tags, etherType, payload);
  return bytes(be16(packetType), be16(1), be16(6), mac(source), be16(0), be16(type), rest);
}

export function sll2(
  packetType: number,
  index: number,
  source: string,
  tags: readonly Tag[],
  etherType: number,
  payload: Uint8Array,
): Uint8Array {
  const [type, rest] = tagged(tags, etherType, payload);
  return bytes(be16(type), be16(0), be32(index), be16(1), packetType, 6, mac(source), be16(0), rest);
}
