/** Groups that nobody uses. */
import { randomBytes, randomInt } from 'node:crypto';
import { canonicalAddress, fromNumber, toNumber } from '../model/address.ts';
import { type Group, groupMac } from '../model/group.ts';
import type { Family } from '../model/netns.ts';

/**
 * A group for a test: of 239.255.0.0/16, which stays within the site (RFC 2365 §6.1), or ff15::/16 (transient, site-local); for one source
 * alone of 232.255.0.0/16 or ff35::/32. It shares its MAC with none of `taken`, so that no network card mixes them.
 */
export function freeGroup(family: Family, source: string | undefined, taken: readonly string[]): Group {
  const macs = new Set(taken.map(groupMac));
  for (;;) {
    const [a = 0, b = 0, c = 0, d = 0] = randomBytes(4);
    const words = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
    const text =
      family === 4
        ? `${source === undefined ? 239 : 232}.255.${a}.${b}`
        : source === undefined
          ? `ff15::6b6d:${words}`
          : // RFC 4607 §1: the upper half of the 32 bits is for hosts to choose.
            `ff35::${((a << 8) | b | 0x8000).toString(16)}:${((c << 8) | d).toString(16)}`;
    const address = canonicalAddress(text) ?? text;
    if (macs.has(groupMac(address))) continue;
    // Below the ports that systems give to clients.
    return { family, address, port: randomInt(20_000, 30_000), ...(source === undefined ? {} : { source }) };
  }
}

/** Another group with the same MAC: what reaches a member of that one has passed every filter but the kernel's own. */
export function silentGroup({ address, family }: Group): string {
  return fromNumber(toNumber(address) ^ (family === 4 ? 1n << 23n : 1n << 40n), family);
}
