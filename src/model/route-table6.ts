/** One lookup in an IPv6 routing table (net/ipv6/route.c fib6_table_lookup, rt6_select, net/ipv6/ip6_fib.c fib6_node_lookup). */
import { covers, type IpBlock, type IpNumber, ipBlock } from './ip-number.ts';
import type { NextHop, Route } from './netns.ts';

/** What a table is searched for. */
export interface TableQuery6 {
  readonly destination: IpNumber;
  /** Zero when not chosen yet. */
  readonly source: IpNumber;
  readonly interface?: string | undefined;
  /** Whether only ways through the interface count; otherwise they are merely preferred. */
  readonly strict: boolean;
  /** Whether a way whose interface has no carrier is to be ignored. */
  readonly ignored: (nextHop: NextHop) => boolean;
}

/** A route that matched, with the ways that the kernel may choose by hash: never empty. */
export interface TableHit6 {
  readonly route: Route;
  readonly length: number;
  readonly nextHops: readonly NextHop[];
}

/** A way with its route: the kernel keeps each way of a multipath route as a route of its own. */
interface Entry {
  readonly route: Route;
  readonly hop: NextHop;
}

/**
 * Finds the most specific route, by destination and then by source, that has a usable way; among the routes of one prefix
 * those of the lowest metric, of them the highest router preference (RFC 4191), of equals the first. When no way of
 * the lowest metric is usable, preference decides before metric among the others. A router whose neighbour entry
 * failed counts as reachable here.
 */
export function searchTable6(routes: readonly Route[], table: number, query: TableQuery6): TableHit6 | undefined {
  for (const { entries, length } of prefixes(routes, table, query)) {
    const chosen = select(entries, query);
    if (chosen === undefined) continue;
    const siblings = chosen.route.nextHops.filter((hop) => score({ route: chosen.route, hop }, query) >= 0);
    return { route: chosen.route, length, nextHops: [chosen.hop, ...siblings.filter((hop) => hop !== chosen.hop)] };
  }
  return undefined;
}

/** What a join without interface finds: the first route of the lowest metric, even without carrier (ip6_pol_route_lookup). */
export function searchTable6ForJoin(
  routes: readonly Route[],
  table: number,
  query: TableQuery6,
): TableHit6 | undefined {
  for (const { entries, length } of prefixes(routes, table, query)) {
    const first = entries[0];
    if (first !== undefined && !isDead(first.hop))
      return { route: first.route, length, nextHops: first.route.nextHops };
  }
  return undefined;
}

/** The matching routes, most specific prefix first, and for each prefix its ways in the order of their metric. */
function prefixes(
  routes: readonly Route[],
  table: number,
  query: TableQuery6,
): { entries: readonly Entry[]; length: number }[] {
  const found = new Map<string, { entries: Entry[]; length: number; from: number }>();
  for (const route of routes) {
    if (route.family !== 6 || route.table !== table) continue;
    const to = ipBlock(route.destination);
    const from = fromBlock(route);
    if (to === undefined || from === undefined || !covers(to, query.destination) || !covers(from, query.source))
      continue;
    const key = `${to.length} ${from.length}`;
    const group = found.get(key) ?? { entries: [], length: to.length, from: from.length };
    found.set(key, group);
    group.entries.push(...waysOf(route).map((hop) => ({ route, hop })));
  }
  for (const group of found.values()) group.entries.sort((a, b) => a.route.metric - b.route.metric);
  return [...found.values()].sort((a, b) => b.length - a.length || b.from - a.from);
}

function fromBlock(route: Route): IpBlock | undefined {
  return route.source === undefined ? { family: 6, value: 0n, length: 0 } : ipBlock(route.source);
}

/** Routes that refuse hang on the loopback interface, also where a dump does not say so. */
function waysOf(route: Route): readonly NextHop[] {
  return route.nextHops.length > 0 ? route.nextHops : [{ interface: 'lo' }];
}

/** find_rr_leaf(): first the lowest metric, then all the others together. */
function select(entries: readonly Entry[], query: TableQuery6): Entry | undefined {
  const lowest = entries[0]?.route.metric;
  const first = entries.filter((entry) => entry.route.metric === lowest);
  return best(first, query) ?? best(entries.slice(first.length), query);
}

function best(entries: readonly Entry[], query: TableQuery6): Entry | undefined {
  let chosen: Entry | undefined;
  let highest = -1;
  for (const entry of entries) {
    const points = score(entry, query);
    if (points > highest) [chosen, highest] = [entry, points];
  }
  return chosen;
}

/** rt6_score_route(): the interface counts 2, the preference (0 medium, 1 high, 3 low) above it; negative: not usable. */
function score({ route, hop }: Entry, query: TableQuery6): number {
  if (isDead(hop) || query.ignored(hop)) return -1;
  const fits = query.interface === undefined || hop.interface === query.interface;
  if (!fits && query.strict) return -1;
  return (((route.preference ?? 0) ^ 2) << 2) | (fits ? 2 : 0);
}

function isDead(hop: NextHop): boolean {
  return hop.flags?.includes('dead') === true;
}
