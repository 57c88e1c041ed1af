/** What the target's memberships let in. */
import type { Membership, SourceFilter } from '../model/netns.ts';
import type { Case } from './case.ts';

/** Memberships of the group on the loopback interface, which no other host reaches: they are no part of `Case.memberships`. */
export function onLoopback(c: Case): Membership[] {
  return c.ns.memberships.filter((m) => m.group === c.group.address && m.interface === 'lo');
}

/** Source filters of the group on the interface (all interfaces of the group's memberships when none is given). */
export function filtersOf(c: Case, name?: string): SourceFilter[] {
  return c.ns.filters.filter((f) => f.group === c.group.address && (name === undefined || f.interface === name));
}

/** Whether a member on the interface takes datagrams of this source, as its source filters say (RFC 3376 §3.2). */
export function takesSource(c: Case, name: string, source: string): boolean {
  const membership = c.memberships.find((m) => m.interface === name);
  if (membership === undefined) return false;
  const filters = filtersOf(c, name);
  const included = filters.filter((f) => f.include > 0);
  const mine = filters.find((f) => f.source === source);
  if (mine !== undefined && mine.include > 0) return true;
  if (mine !== undefined && mine.exclude >= membership.users) return false;
  // Every socket that includes sources at all may include several: the most that any one source counts is the least number of such sockets.
  const including = Math.max(0, ...included.map((f) => f.include));
  return membership.users > including;
}

/** Whether a member of the group somewhere takes the streams' sources (true when no source is known). */
export function takesStream(c: Case): boolean {
  return (
    c.memberships.length > 0 &&
    (c.sources.length === 0 || c.memberships.some((m) => c.sources.some((s) => takesSource(c, m.interface, s))))
  );
}
