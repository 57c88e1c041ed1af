/** Addresses as canonical text (dotted IPv4, RFC 5952 IPv6), and what lies in which prefix. */
import ipaddr from 'ipaddr.js';
import type { Family } from './netns.ts';

/** Canonical text of an address (a zone is dropped; IPv4-mapped ones as RFC 5952 §5 has it, `::ffff:192.0.2.1`), or `undefined` when it is none. */
export function canonicalAddress(text: string): string | undefined {
  const bare = text.split('%')[0] ?? '';
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return bare;
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return undefined;
  return textOf(ipaddr.IPv6.parse(bare).toByteArray());
}

/** 4 or 6, by the text's form; give it an address or prefix that is known to be one. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 6 : 4;
}

/** A prefix in canonical form, host bits cleared. */
export interface Prefix {
  readonly family: Family;
  readonly address: string;
  readonly length: number;
}

/**
 * Reads `ADDRESS/LENGTH`. A bare address is no prefix (CNI refuses it too: "invalid CIDR address").
 * @returns `undefined` for anything else.
 */
export function parsePrefix(text: string): Prefix | undefined {
  const [host, length, rest] = text.split('/');
  const address = canonicalAddress(host ?? '');
  if (address === undefined || rest !== undefined || !/^\d{1,3}$/.test(length ?? '')) return undefined;
  const family = familyOf(address);
  const bits = Number(length);
  if (bits > bitsOf(family)) return undefined;
  return { family, address: networkAddress(address, bits), length: bits };
}

/** Number of bits of an address of the family. */
export function bitsOf(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** Prefix of one address: `239.1.2.3/32`. */
export function hostPrefix(address: string): string {
  return `${address}/${bitsOf(familyOf(address))}`;
}

/** Whether the prefix (as text, `ADDRESS/LENGTH`) holds the address. False across families, and for text that is no prefix or no address. */
export function contains(prefix: string, address: string): boolean {
  const parsed = parsePrefix(prefix);
  if (parsed === undefined || canonicalAddress(address) === undefined || parsed.family !== familyOf(address))
    return false;
  return networkAddress(address, parsed.length) === parsed.address;
}

/** The first address of the network that the address is in. */
export function networkAddress(address: string, length: number): string {
  const bytes = ipaddr.parse(address.split('%')[0] ?? '').toByteArray();
  for (let i = 0; i < bytes.length; i++) {
    const keep = Math.min(8, Math.max(0, length - i * 8));
    bytes[i] = (bytes[i] ?? 0) & ((0xff << (8 - keep)) & 0xff);
  }
  return textOf(bytes);
}

/** The address as a number, for ranges. */
export function toNumber(address: string): bigint {
  return ipaddr
    .parse(address)
    .toByteArray()
    .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** The address of a number. */
export function fromNumber(value: bigint, family: Family): string {
  const bytes: number[] = [];
  for (let rest = value, i = 0; i < bitsOf(family) / 8; i++, rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  return textOf(bytes);
}

function textOf(bytes: number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const address = new ipaddr.IPv6(bytes);
  return address.isIPv4MappedAddress() ? `::ffff:${address.toIPv4Address()}` : address.toRFC5952String();
}
