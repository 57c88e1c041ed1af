/** One lookup in an IPv4 routing table (net/ipv4/fib_trie.c fib_table_lookup, net/ipv4/fib_semantics.c fib_select_path). */
import { covers, type IpBlock, type IpNumber, ipBlock } from './ip-number.ts';
import type { NextHop, Route } from './netns.ts';

/** What a table is searched for. */
export interface TableQuery {
  readonly destination: IpNumber;
  /** Only ways through this interface. */
  readonly interface?: string | undefined;
  readonly tos: number;
  /** Whether a way whose interface has no carrier is to be ignored. */
  readonly ignored: (nextHop: NextHop) => boolean;
}

/** A route that matched. `refused` routes are found too: they end the search. */
export interface TableHit {
  readonly route: Route;
  readonly length: number;
  readonly refused: boolean;
  /** The ways that the kernel may choose; empty when refused. */
  readonly nextHops: readonly NextHop[];
}

/** Routes that refuse: fib_props[] in fib_semantics.c. `throw` refuses too, but only this table. */
const REFUSING: ReadonlySet<string> = new Set(['blackhole', 'unreachable', 'prohibit', 'throw', 'nat', 'xresolve']);

/**
 * Finds the route with the longest prefix, then the highest type of service, then the lowest metric, which has a usable
 * way out. `tables` are several when the kernel keeps them as one, which it does with the local and the main table until
 * there are policy rules: then the longest prefix of both wins, and the higher table number among equals.
 */
export function searchTables4(
  routes: readonly Route[],
  tables: readonly number[],
  query: TableQuery,
): TableHit | undefined {
  for (const { route, block } of candidates(routes, tables, query)) {
    if (REFUSING.has(route.type)) return { route, length: block.length, refused: true, nextHops: [] };
    const usable = route.nextHops.filter((hop) => isUsable(hop, query));
    if (usable.length === 0) continue;
    return {
      route,
      length: block.length,
      refused: false,
      nextHops: choices(routes, route, block.length, usable, query),
    };
  }
  return undefined;
}

function candidates(routes: readonly Route[], tables: readonly number[], query: TableQuery) {
  return routes
    .filter((route) => route.family === 4 && tables.includes(route.table) && (!route.tos || route.tos === query.tos))
    .flatMap((route) => {
      const block = ipBlock(route.destination);
      return block !== undefined && covers(block, query.destination) ? [{ route, block }] : [];
    })
    .sort(order);
}

function order(a: { route: Route; block: IpBlock }, b: { route: Route; block: IpBlock }): number {
  return (
    b.block.length - a.block.length ||
    b.route.table - a.route.table ||
    (b.route.tos ?? 0) - (a.route.tos ?? 0) ||
    a.route.metric - b.route.metric
  );
}

function isUsable(hop: NextHop, query: TableQuery): boolean {
  if (hop.flags?.includes('dead') || query.ignored(hop)) return false;
  return query.interface === undefined || hop.interface === query.interface;
}

/**
 * The interface that was asked for leaves one way. Otherwise multipath chooses by hash, and among default routes of equal
 * metric (only with gateways, fib_select_default()) the first whose neighbour is not known to be dead.
 */
function choices(
  routes: readonly Route[],
  route: Route,
  length: number,
  usable: readonly NextHop[],
  query: TableQuery,
): readonly NextHop[] {
  if (query.interface !== undefined) return usable.slice(0, 1);
  if (length > 0 || usable.length > 1 || route.nextHops.length > 1 || route.type !== 'unicast') return usable;
  const equals = candidates(routes, [route.table], query)
    .filter(
      ({ route: other, block }) => block.length === 0 && other.type === 'unicast' && other.metric === route.metric,
    )
    .filter(({ route: other }) => other !== route && other.scope === route.scope && other.tos === route.tos)
    .flatMap(({ route: other }) =>
      other.nextHops.slice(0, 1).filter((hop) => hop.gateway !== undefined && isUsable(hop, query)),
    );
  return usable[0]?.gateway === undefined ? usable : [...usable, ...equals];
}
