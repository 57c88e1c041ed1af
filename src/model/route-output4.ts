/** The way out of an IPv4 datagram (net/ipv4/route.c ip_route_output_key_hash_rcu, __mkroute_output). */
import { fromNumber } from './address.ts';
import { isSet } from './conf.ts';
import { covers, type IpNumber, ipBlock, ipNumber } from './ip-number.ts';
import type { NextHop, RouteType } from './netns.ts';
import { throughRoute, withoutRoute } from './route-answer.ts';
import { type FibHit, fibLookup4, localInterface } from './route-fib4.ts';
import { refused } from './route-refusal.ts';
import type { RouteLookup, RouteQuery, RoutingState } from './route-types.ts';
import { interfaceWithAddress, SCOPE_LINK, SCOPE_UNIVERSE, scopeNumber, selectAddress4 } from './source-address.ts';

const IGMP = 2;
const BROADCAST = 0xffff_ffffn;
const GROUPS = ipBlock('224.0.0.0/4')!;
const LOCAL_GROUPS = ipBlock('224.0.0.0/24')!;
const LOOPBACK = ipBlock('127.0.0.0/8')!;

/** What `ip -4 route get` answers. */
export function outputLookup4(state: RoutingState, query: RouteQuery): RouteLookup {
  const destination = ipNumber(query.destination);
  const source = query.source === undefined ? undefined : ipNumber(query.source);
  if (destination?.family !== 4) return refused('EINVAL', `${query.destination} is no IPv4 address`);
  const bound = source === undefined || source.value === 0n ? undefined : source;
  const way =
    (bound && bySource(state, query, destination, bound)) ??
    byInterface(state, query, destination) ??
    byTables(state, query, destination);
  return isMartian(state, way) ? refused('EINVAL', 'a loopback address does not leave this host') : way;
}

/** A sender that is bound to an address reaches groups through that address' interface: no route is looked up at all. */
function bySource(
  state: RoutingState,
  query: RouteQuery,
  destination: IpNumber,
  source: IpNumber,
): RouteLookup | undefined {
  const text = fromNumber(source.value, 4);
  if (covers(GROUPS, source) || source.value === BROADCAST) return refused('EINVAL', `${text} is no source address`);
  const owner = interfaceWithAddress(state.addresses, source) ?? localInterface(state, text);
  if (owner === undefined) return refused('ENETUNREACH', `no interface has the address ${text}`);
  const kind = kindOf(destination);
  return query.interface === undefined && kind !== undefined ? withoutRoute(owner, 'source', kind, text) : undefined;
}

/** An interface that is named decides alone for what never leaves the link, and for IGMP. */
function byInterface(state: RoutingState, query: RouteQuery, destination: IpNumber): RouteLookup | undefined {
  if (query.interface === undefined) return undefined;
  const link = state.links.find((candidate) => candidate.name === query.interface);
  if (link === undefined) return refused('ENODEV', `there is no interface ${query.interface}`);
  if (!link.flags.includes('UP')) return refused('ENETUNREACH', `the interface ${query.interface} is down`);
  const onLink = covers(LOCAL_GROUPS, destination) || destination.value === BROADCAST || query.protocol === IGMP;
  if (!onLink) return undefined;
  const source = query.source ?? selectAddress4(state, link.name, SCOPE_LINK);
  return withoutRoute(link.name, 'interface', kindOf(destination) ?? 'unicast', source);
}

function byTables(state: RoutingState, query: RouteQuery, destination: IpNumber): RouteLookup {
  const named = query.interface;
  const early =
    named !== undefined && covers(GROUPS, destination) ? selectAddress4(state, named, SCOPE_UNIVERSE) : undefined;
  const source = query.source ?? early;
  const from = (source === undefined ? undefined : ipNumber(source)) ?? { family: 4, value: 0n };
  const hit = fibLookup4(state, query, destination, from, named);
  if (!('kind' in hit)) return through(state, destination, hit, source);
  if (named === undefined) return hit;
  // "Apparently, routing tables are wrong. Assume, that the destination is on link": this passes even a blackhole.
  return withoutRoute(
    named,
    'interface',
    kindOf(destination) ?? 'unicast',
    source ?? selectAddress4(state, named, SCOPE_LINK),
  );
}

function through(state: RoutingState, destination: IpNumber, hit: FibHit, source: string | undefined): RouteLookup {
  const { route, rule } = hit;
  const type = kindOf(destination) ?? route.type;
  if (route.type === 'local') {
    const chosen = source ?? route.preferredSource ?? fromNumber(destination.value, 4);
    return throughRoute(route, rule, { type, nextHops: [{ interface: loopbackOf(state) }], source: chosen });
  }
  const gateway = hit.nextHops[0]?.gateway;
  const toward = gateway === undefined ? undefined : ipNumber(gateway);
  const chosen =
    source ??
    route.preferredSource ??
    selectAddress4(state, hit.nextHops[0]?.interface ?? '', scopeNumber(route.scope), toward);
  return throughRoute(route, rule, {
    type,
    nextHops: hit.nextHops.map((hop) => reach(hop, type, hit.length)),
    source: chosen,
  });
}

/** A gateway leads to a group only by a route made for groups: the kernel forgets it when the prefix is shorter than /4. */
function reach(hop: NextHop, type: RouteType, length: number): NextHop {
  if (type !== 'broadcast' && !(type === 'multicast' && length < 4)) return hop;
  const { gateway: _, ...direct } = hop;
  return direct;
}

/** Groups and the limited broadcast have their own type, whatever the route's; others have the route's. */
function kindOf(destination: IpNumber): 'multicast' | 'broadcast' | undefined {
  if (destination.value === BROADCAST) return 'broadcast';
  return covers(GROUPS, destination) ? 'multicast' : undefined;
}

function loopbackOf(state: RoutingState): string {
  return state.links.find((link) => link.flags.includes('LOOPBACK'))?.name ?? 'lo';
}

/** A loopback source leaves by the loopback interface only, unless `route_localnet` allows more. */
function isMartian(state: RoutingState, way: RouteLookup): boolean {
  if (way.kind !== 'route' || way.source === undefined || way.interface === loopbackOf(state)) return false;
  const source = ipNumber(way.source);
  return source !== undefined && covers(LOOPBACK, source) && !isSet(state, 'route_localnet', way.interface);
}
