import type { Membership } from '../../model/netns.ts';
import { compact } from '../compact.ts';
import { decimal, hostOrderAddress, networkOrderAddress, rows } from './hex.ts';

/** `2	eth0      :     4      V3` (igmp_mc_seq_show in net/ipv4/igmp.c); a name has no white space but may hold a colon. */
const INTERFACE = /^\d+\s+(\S+?)\s*:\s*\d+\s+(V\d)\s*$/;
/** `				030201EF     1 0:00000000		0`. */
const GROUP = /^\s+([0-9A-F]{8})\s+(\d+)\s/i;

/** Reads /proc/net/igmp: an interface's line, then its groups, indented. */
export function parseIgmp(text: string): Membership[] {
  const found: Membership[] = [];
  let current: { interface: string; querierVersion?: string } | undefined;
  for (const line of text.split('\n')) {
    const [, name, querierVersion] = INTERFACE.exec(line) ?? [];
    if (name !== undefined) current = compact({ interface: name, querierVersion });
    const [, hex, users] = GROUP.exec(line) ?? [];
    const group = hex === undefined ? undefined : hostOrderAddress(hex);
    if (current !== undefined && group !== undefined)
      found.push({ family: 4, group, users: Number(users), ...current });
  }
  return found;
}

/** Reads /proc/net/igmp6: `2    eth0            ff15…0001     1 00000004 0` (igmp6_mc_seq_show in net/ipv6/mcast.c). */
export function parseIgmp6(text: string): Membership[] {
  return rows(text).flatMap(([, name, hex = '', count]) => {
    const group = hex.length === 32 ? networkOrderAddress(hex) : undefined;
    const users = decimal(count);
    return name === undefined || group === undefined || users === undefined
      ? []
      : [{ family: 6, interface: name, group, users }];
  });
}
