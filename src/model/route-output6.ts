/** The way out of an IPv6 datagram, and the interface of a join (net/ipv6/route.c, net/ipv6/fib6_rules.c, net/ipv6/mcast.c). */
import { covers, type IpNumber, ipBlock, ipNumber } from './ip-number.ts';
import type { NextHop } from './netns.ts';
import { areDefaultRules, walkRules } from './policy-rules.ts';
import { throughRoute } from './route-answer.ts';
import { flowOf, isSuppressed } from './route-fib4.ts';
import { refused, refusedByRoute, refusedByRule } from './route-refusal.ts';
import { searchTable6, searchTable6ForJoin, type TableHit6, type TableQuery6 } from './route-table6.ts';
import type { RouteLookup, RouteQuery, RoutingState } from './route-types.ts';

/** Destinations for which an interface that is named is binding (rt6_need_strict): groups, link-local, loopback. */
const STRICT = [ipBlock('ff00::/8')!, ipBlock('fe80::/10')!, ipBlock('::1/128')!];
const REFUSING: ReadonlySet<string> = new Set(['blackhole', 'unreachable', 'prohibit', 'nat', 'xresolve']);
const LOCAL = 255;
const MAIN = 254;

type Search = (routes: RoutingState['routes'], table: number, query: TableQuery6) => TableHit6 | undefined;

/** What `ip -6 route get` answers. */
export function outputLookup6(state: RoutingState, query: RouteQuery): RouteLookup {
  return lookup6(state, query, searchTable6);
}

/** What a join to the group without interface finds. It is no output lookup: policy rules with `iif lo` do not match it. */
export function joinLookup6(state: RoutingState, group: string): RouteLookup {
  return lookup6(state, { family: 6, destination: group, inputInterface: '', protocol: 0 }, searchTable6ForJoin);
}

function lookup6(state: RoutingState, query: RouteQuery, search: Search): RouteLookup {
  const destination = ipNumber(query.destination);
  const source = query.source === undefined ? UNSET : ipNumber(query.source);
  if (destination?.family !== 6 || source?.family !== 6)
    return refused('EINVAL', `${query.destination} is no IPv6 address`);
  const named = query.interface;
  const ignored = (hop: NextHop) => hop.flags?.includes('linkdown') === true && ignoresLinkdown(state, hop.interface);
  const strict = STRICT.some((block) => covers(block, destination)) || (named !== undefined && source.value === 0n);
  return byRules(state, query, { destination, source, interface: named, strict, ignored }, search);
}

const UNSET: IpNumber = { family: 6, value: 0n };

function byRules(state: RoutingState, query: RouteQuery, table: TableQuery6, search: Search): RouteLookup {
  const own = state.rules.filter((rule) => rule.family === 6);
  const rules = areDefaultRules(own) ? DEFAULT_RULES : own;
  let last: RouteLookup | undefined;
  const walked = walkRules(rules, flowOf(query, table.destination, table.source, table.interface), (number, rule) => {
    last = undefined;
    const hit = search(state.routes, number, table);
    if (hit === undefined || hit.route.type === 'throw') return 'next';
    const reported = rules === DEFAULT_RULES ? undefined : rule;
    const answer = REFUSING.has(hit.route.type) ? refusedByRoute(hit.route, reported) : found(state, hit, reported);
    last = answer;
    return { answer, suppress: answer.kind === 'route' && isSuppressed(rule, hit) };
  });
  if (walked !== undefined) return 'refused' in walked ? refusedByRule(walked.rule, query.destination) : walked.answer;
  // A suppressed route is forgotten only when a later rule looks into a table (fib6_rule_suppress() leaves the result).
  return last ?? refused('ENETUNREACH', `no route to ${query.destination}`);
}

const DEFAULT_RULES: RoutingState['rules'] = [
  { family: 6, priority: 0, action: 'lookup', table: LOCAL },
  { family: 6, priority: 32766, action: 'lookup', table: MAIN },
];

/** An address of this namespace is reached by the loopback interface. */
function found(state: RoutingState, hit: TableHit6, rule: RoutingState['rules'][number] | undefined): RouteLookup {
  const itself = hit.route.type === 'local' || hit.route.type === 'anycast';
  const loopback = state.links.find((link) => link.flags.includes('LOOPBACK'))?.name ?? 'lo';
  return throughRoute(hit.route, rule, {
    type: hit.route.type,
    nextHops: itself ? [{ interface: loopback }] : hit.nextHops,
  });
}

function ignoresLinkdown(state: RoutingState, name: string | undefined): boolean {
  return name !== undefined && Number(state.sysctls?.[`net.ipv6.conf.${name}.ignore_routes_with_linkdown`] ?? 0) !== 0;
}
