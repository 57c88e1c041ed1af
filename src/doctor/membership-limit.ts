/** How many groups the sockets of a namespace have joined, and how many one may (net.ipv4.igmp_max_memberships, ip-sysctl). */
import type { Case, NamespaceView } from './case.ts';

export const MEMBERSHIP_LIMIT = 'net.ipv4.igmp_max_memberships';

/** Joins of sockets, and the limit of one; `undefined` when it is not known. */
export function joinsAndLimit(ns: NamespaceView): { readonly joins: number; readonly limit: number } | undefined {
  const written = ns.sysctls[MEMBERSHIP_LIMIT]?.trim() ?? '';
  if (!/^\d+$/.test(written)) return undefined;
  // 0 lets nobody join at all.
  const limit = Number(written);
  // Every interface is a member of 224.0.0.1 by itself.
  const joined = ns.memberships.filter((m) => m.family === 4 && m.group !== '224.0.0.1');
  return { joins: joined.reduce((sum, m) => sum + m.users, 0), limit };
}

/** The limit is for each socket, and /proc does not tell sockets apart: a multiple of it is what full sockets leave behind. */
export function hasFullSockets(c: Case): boolean {
  const counted = c.onHost || c.group.family === 6 ? undefined : joinsAndLimit(c.ns);
  return (
    counted !== undefined &&
    counted.joins >= counted.limit &&
    (counted.limit === 0 || counted.joins % counted.limit === 0)
  );
}
