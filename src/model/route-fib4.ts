/** The IPv4 routing tables behind the policy rules (include/net/ip_fib.h fib_lookup, net/ipv4/fib_rules.c). */
import { isSet } from './conf.ts';
import { type IpNumber, ipNumber } from './ip-number.ts';
import type { NextHop, PolicyRule } from './netns.ts';
import { areDefaultRules, type Flow, walkRules } from './policy-rules.ts';
import { refused, refusedByRoute, refusedByRule } from './route-refusal.ts';
import { searchTables4, type TableHit } from './route-table4.ts';
import type { RouteQuery, RouteRefused, RoutingState } from './route-types.ts';

/** The route that decides, and the rule that led to it, when there are others than the default ones. */
export interface FibHit extends TableHit {
  readonly rule?: PolicyRule;
}

const MAIN = 254;
const LOCAL = 255;
const DEFAULT = 253;

/** A lookup with a source that may still be unset (zero), restricted to ways through `onInterface` when that is given. */
export function fibLookup4(
  state: RoutingState,
  query: RouteQuery,
  destination: IpNumber,
  source: IpNumber,
  onInterface: string | undefined,
): FibHit | RouteRefused {
  const ignored = (hop: NextHop) =>
    hop.flags?.includes('linkdown') === true &&
    hop.interface !== undefined &&
    isSet(state, 'ignore_routes_with_linkdown', hop.interface);
  const search = { destination, interface: onInterface, tos: query.tos ?? 0, ignored };
  if (isMerged(state)) {
    const main = searchTables4(state.routes, [LOCAL, MAIN], search);
    const passed = main === undefined || main.route.type === 'throw';
    return settle(passed ? searchTables4(state.routes, [DEFAULT], search) : main, query);
  }
  const walked = walkRules(state.rules, flowOf(query, destination, source, onInterface), (table, rule) => {
    const hit = searchTables4(state.routes, [table], search);
    if (hit === undefined || hit.route.type === 'throw') return 'next';
    return { answer: hit, suppress: !hit.refused && isSuppressed(rule, hit) };
  });
  if (walked === undefined) return settle(undefined, query);
  return 'refused' in walked
    ? refusedByRule(walked.rule, query.destination)
    : settle({ ...walked.answer, rule: walked.rule }, query);
}

/** What policy rules see of the query. */
export function flowOf(
  query: RouteQuery,
  destination: IpNumber,
  source: IpNumber,
  onInterface: string | undefined,
): Flow {
  return {
    destination,
    source,
    hasSource: source.value !== 0n,
    inputInterface: query.inputInterface ?? 'lo',
    outputInterface: onInterface,
    mark: query.mark ?? 0,
    tos: query.tos ?? 0,
    protocol: query.protocol ?? 17,
    sourcePort: query.sourcePort ?? 0,
    destinationPort: query.destinationPort ?? 0,
    uid: query.uid ?? 0,
  };
}

/** `suppress_prefixlength`. Interface groups are not among the facts: such a rule suppresses nothing here. */
export function isSuppressed(rule: PolicyRule, hit: { readonly length: number }): boolean {
  return rule.suppressPrefixLength !== undefined && hit.length <= rule.suppressPrefixLength;
}

function settle(hit: FibHit | undefined, query: RouteQuery): FibHit | RouteRefused {
  if (hit === undefined || hit.route.type === 'throw')
    return refused('ENETUNREACH', `no route to ${query.destination}`);
  return hit.refused ? refusedByRoute(hit.route, hit.rule) : hit;
}

/** The address of a `local` route's interface: the address itself, or any of a prefix that is routed as local. */
export function localInterface(state: RoutingState, address: string): string | undefined {
  const destination = ipNumber(address);
  if (destination === undefined) return undefined;
  const hit = searchTables4(state.routes, isMerged(state) ? [LOCAL, MAIN] : [LOCAL], {
    destination,
    tos: 0,
    ignored: () => false,
  });
  return hit?.route.type === 'local' ? hit.nextHops[0]?.interface : undefined;
}

/** Until there are policy rules, the local and the main table are one (fib_trie_unmerge). */
function isMerged(state: RoutingState): boolean {
  return areDefaultRules(state.rules.filter((rule) => rule.family === 4));
}
