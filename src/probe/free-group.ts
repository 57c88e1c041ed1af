/** Groups that nobody uses. */
import { randomBytes, randomInt } from 'node:crypto';
import { canonicalAddress, fromNumber, toNumber } from '../model/address.ts';
import { type Group, groupMac } from '../model/group.ts';
import type { Family } from '../model/netns.ts';

/**
 * A group for a test: of 239.255.0.0/16, which stays within the site (RFC 2365 §6.1), or ff15::/16 (transient, site-local); for one source
 * alone of 232.255.0.0/16 or ff35::/32. `isTaken` tells whether it is free, once those at the ends were asked.
 */
export function randomGroup(family: Family, source: string | undefined): Group {
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
  // Below the ports that systems give to clients.
  return { family, address, port: randomInt(20_000, 30_000), ...(source === undefined ? {} : { source }) };
}

/** What was joined where an end is, before it joined itself. */
export interface Members {
  readonly groups: readonly string[];
  /** Another end of the probe is in this namespace, too, and may have joined before. */
  readonly shared: boolean;
}

/** Whether somebody else is a member of the group, or of one that shares its MAC, so that network cards would mix them. */
export function isTaken(group: Group, members: readonly Members[]): boolean {
  const mac = groupMac(group.address);
  const own = [group.address, silentGroup(group)];
  return members.some(({ groups, shared }) =>
    groups.some((other) => groupMac(other) === mac && !(shared && own.includes(other))),
  );
}

/** Another group with the same MAC: what reaches a member of that one has passed every filter but the kernel's own. */
export function silentGroup({ address, family }: Group): string {
  return fromNumber(toNumber(address) ^ (family === 4 ? 1n << 23n : 1n << 40n), family);
}
