/**
 * Addresses and prefixes as numbers, for matching as the kernel does it, many times. Text that is no address gives
 * `undefined`: it comes from clusters and kernels, and whoever asks knows what a missing address means there.
 */
import { bitsOf, canonicalAddress, familyOf, fromNumber, toNumber } from './address.ts';
import type { Family } from './netns.ts';

/** An address as a number of 32 or 128 bits. */
export interface IpNumber {
  readonly family: Family;
  readonly value: bigint;
}

/** A prefix as a number; only the first `length` bits of `value` count. */
export interface IpBlock extends IpNumber {
  readonly length: number;
}

/** The number of an address. */
export function ipNumber(text: string): IpNumber | undefined {
  const address = canonicalAddress(text);
  return address === undefined ? undefined : { family: familyOf(address), value: toNumber(address) };
}

/** The number of a prefix (`239.0.0.0/8`), or of an address: a prefix of full length. */
export function ipBlock(text: string): IpBlock | undefined {
  const [address = '', length, rest] = text.split('/');
  const number = ipNumber(address);
  if (number === undefined || rest !== undefined || !/^\d{0,3}$/.test(length ?? '')) return undefined;
  const bits = length === undefined ? bitsOf(number.family) : Number(length);
  return length === '' || bits > bitsOf(number.family) ? undefined : { ...number, length: bits };
}

/** Whether the address is in the block; never across families. */
export function covers(block: IpBlock, ip: IpNumber): boolean {
  const shift = BigInt(bitsOf(block.family) - block.length);
  return block.family === ip.family && ip.value >> shift === block.value >> shift;
}

/** The fewest prefixes that cover `first` to `last` and nothing else; none when these are no range of one family. */
export function rangeToPrefixes(first: string, last: string): readonly string[] {
  const from = ipNumber(first);
  const to = ipNumber(last);
  if (from === undefined || to === undefined || from.family !== to.family) return [];
  const bits = bitsOf(from.family);
  const prefixes: string[] = [];
  for (let at = from.value; at <= to.value; ) {
    let length = bits;
    while (length > 0 && startsBlock(at, bits - length + 1, to.value)) length--;
    prefixes.push(`${fromNumber(at, from.family)}/${length}`);
    at += 1n << BigInt(bits - length);
  }
  return prefixes;
}

/** Whether a block of 2^hostBits addresses may start here and ends in the range. */
function startsBlock(at: bigint, hostBits: number, last: bigint): boolean {
  const size = 1n << BigInt(hostBits);
  return at % size === 0n && at + size - 1n <= last;
}
