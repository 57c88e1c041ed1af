/**
 * Addresses in /proc. The kernel prints most IPv4 addresses, and IPv6 ones of sockets, as 32-bit integers of the node's
 * byte order, so that on little-endian machines (assumed, see `../netlink/reader.ts`) each group of four bytes is reversed.
 */
import { addressText, hexBytes } from '../address-bytes.ts';

/** Address of 8 or 32 digits whose 32-bit words are in the node's byte order: `030201EF` is 239.1.2.3. */
export function hostOrderAddress(text: string): string | undefined {
  const bytes = hexBytes(text);
  if (bytes === undefined || bytes.length % 4 !== 0) return undefined;
  return addressText(bytes.map((_, i) => bytes[(i & ~3) + 3 - (i & 3)] ?? 0));
}

/** Address of 8 or 32 digits in network order. */
export function networkOrderAddress(text: string): string | undefined {
  return addressText(hexBytes(text));
}

/** Fields of each line, lines without any left out. */
export function rows(text: string): string[][] {
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    return fields[0] === '' ? [] : [fields];
  });
}

/** A number in decimal; `undefined` for other text. */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** A number in hexadecimal, without 0x; `undefined` for other text. */
export function hexadecimal(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}
