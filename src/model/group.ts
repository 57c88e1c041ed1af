/** Multicast groups: their text, their ranges (RFC 1112, RFC 4291, RFC 4607, RFC 5771), their link-layer addresses. */
import { canonicalAddress, contains, familyOf, toNumber } from './address.ts';
import type { Family } from './netns.ts';

/** A group with, where known, a port and a source. */
export interface Group {
  readonly family: Family;
  readonly address: string;
  readonly port?: number;
  readonly source?: string;
}

/**
 * Reads `239.1.2.3`, `239.1.2.3:5007`, `10.0.0.5@232.1.1.1:5007`, `ff15::1`, `[ff15::1]:5007`. Any address is accepted, so
 * that one which is no group can be named as such.
 * @returns a sentence part that says what is wrong, when the text has not this form.
 */
export function parseGroup(text: string): Group | string {
  const at = text.lastIndexOf('@');
  const sourceText = at < 0 ? undefined : text.slice(0, at).replace(/^\[|\]$/g, '');
  const rest = text.slice(at + 1);
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(rest) ?? /^([^:]+)(?::(\d+))?$/.exec(rest);
  const address = canonicalAddress(match?.[1] ?? rest);
  if (address === undefined)
    return `"${text}" is not a group: write 239.1.2.3, 239.1.2.3:5007, SOURCE@GROUP:PORT or [ff15::1]:5007`;
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (port !== undefined && (port < 1 || port > 65535)) return `"${text}" has a port outside 1 to 65535`;
  const source = sourceText === undefined ? undefined : canonicalAddress(sourceText);
  if (sourceText !== undefined && (source === undefined || familyOf(source) !== familyOf(address))) {
    return `"${text}" has a source that is not an address of the group's family`;
  }
  return {
    family: familyOf(address),
    address,
    ...(port === undefined ? {} : { port }),
    ...(source === undefined ? {} : { source }),
  };
}

/** The group's text, as `parseGroup` reads it. */
export function formatGroup(group: Group): string {
  const address =
    group.port === undefined
      ? group.address
      : `${group.family === 6 ? `[${group.address}]` : group.address}:${group.port}`;
  return group.source === undefined ? address : `${group.source}@${address}`;
}

/** 224.0.0.0/4 or ff00::/8. */
export function isMulticast(address: string): boolean {
  return contains('224.0.0.0/4', address) || contains('ff00::/8', address);
}

/** Never forwarded by a router: 224.0.0.0/24 (RFC 5771 §4), interface- and link-local scope of IPv6 (RFC 4291 §2.7). */
export function isLinkScope(address: string): boolean {
  return contains('224.0.0.0/24', address) || (familyOf(address) === 6 && /^ff[0-9a-f][12]:/.test(address));
}

/** Source-specific range: 232.0.0.0/8, ff3x::/32 (RFC 4607 §1). */
export function isSourceSpecific(address: string): boolean {
  return contains('232.0.0.0/8', address) || (familyOf(address) === 6 && /^ff3[0-9a-f]:(:|0:)/.test(address));
}

/** Memberships that every host has or that routing protocols use: never what an operator asks about. */
export function isHousekeeping(address: string): boolean {
  return contains('224.0.0.0/24', address) || /^ff0[12]::(1|2|fb|1:3|16|6a|1:ff[0-9a-f:]+)$/.test(address);
}

/**
 * The Ethernet address that carries the group: 01:00:5e and the low 23 bits (RFC 1112 §6.4), 33:33 and the low 32 bits
 * (RFC 2464 §7). 32 IPv4 groups share one.
 */
export function groupMac(address: string): string {
  const number = toNumber(address);
  const value =
    familyOf(address) === 4 ? (0x01005en << 24n) | (number & 0x7fffffn) : (0x3333n << 32n) | (number & 0xffffffffn);
  return value
    .toString(16)
    .padStart(12, '0')
    .replace(/(..)(?=.)/g, '$1:');
}
