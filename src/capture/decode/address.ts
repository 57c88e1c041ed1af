/** Addresses from a packet's bytes to canonical text. */
import { u16 } from './bytes.ts';

/** Dotted text of the 4 bytes at `at`. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** RFC 5952 text of the 16 bytes at `at`; an IPv4-mapped address stays hexadecimal, as everywhere in kmcast. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(u16(bytes, at + i).toString(16));
  const { first, count } = longestZeros(groups);
  if (count < 2) return groups.join(':');
  return `${groups.slice(0, first).join(':')}::${groups.slice(first + count).join(':')}`;
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly string[]): { first: number; count: number } {
  let first = 0;
  let count = 0;
  for (let i = 0, run = 0; i < groups.length; i++) {
    run = groups[i] === '0' ? run + 1 : 0;
    if (run > count) {
      count = run;
      first = i - run + 1;
    }
  }
  return { first, count };
}

/** Lower-case MAC of the 6 bytes at `at`. */
export function macText(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = at; i < at + 6; i++) text += `${i === at ? '' : ':'}${bytes[i]!.toString(16).padStart(2, '0')}`;
  return text;
}

/** Text of an address of the family. */
export function addressText(bytes: Uint8Array, at: number, family: number): string {
  return family === 4 ? ipv4Text(bytes, at) : ipv6Text(bytes, at);
}
