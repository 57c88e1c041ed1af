/**
 * Whether the kernel accepts a multicast datagram by its source: the reverse path filter (RFC 3704) and what it refuses
 * besides (net/ipv4/fib_frontend.c fib_validate_source, net/ipv4/route.c ip_mc_validate_source, net/ipv6/ip6_input.c).
 */
import { fromNumber } from './address.ts';
import { effectiveRpFilter, isSet } from './conf.ts';
import { covers, type IpNumber, ipBlock, ipNumber } from './ip-number.ts';
import { areDefaultRules } from './policy-rules.ts';
import { type FibHit, fibLookup4 } from './route-fib4.ts';
import type { RouteRefused, RoutingState } from './route-types.ts';
import { interfaceWithAddress } from './source-address.ts';

/** A datagram that arrives. */
export interface Arrival {
  readonly source: string;
  /** The interface that it arrives on. */
  readonly interface: string;
  /** The group that it is for. */
  readonly group: string;
  /** IP protocol number; 17 (UDP) when absent. */
  readonly protocol?: number;
  /** The mode in effect; from the sysctls when absent. IPv6 has none. */
  readonly rpFilter?: number;
}

/** What becomes of it. */
export interface ReversePath {
  readonly accepted: boolean;
  /** Whether the counter `TcpExt.IPReversePathFilter` rises: the filter dropped it. Other refusals are not counted there. */
  readonly counted: boolean;
  /** The mode that was in effect; 0 for IPv6. */
  readonly rpFilter: number;
  /** For the operator: why it is dropped or accepted. */
  readonly reason: string;
  /** Where answers to the source would leave, when there is a way. */
  readonly towardSource?: { readonly interfaces: readonly string[]; readonly route: string };
}

const GROUPS = [ipBlock('224.0.0.0/4')!, ipBlock('ff00::/8')!];
const LOCAL_GROUPS = ipBlock('224.0.0.0/24')!;
const LOOPBACK = [ipBlock('127.0.0.0/8')!, ipBlock('::1/128')!];
const BROADCAST = 0xffff_ffffn;
const IGMP = 2;
const OFF = 'the reverse path filter is off';

/** Whether a datagram from this source is let in. */
export function reversePath(state: RoutingState, arrival: Arrival): ReversePath {
  const source = ipNumber(arrival.source);
  const group = ipNumber(arrival.group);
  const mode = source?.family === 4 ? (arrival.rpFilter ?? effectiveRpFilter(state, arrival.interface)) : 0;
  if (source === undefined || group === undefined) return refuse(mode, `${arrival.source} is no address`);
  const martian = martianReason(state, arrival, source, group);
  if (martian !== undefined) return refuse(mode, martian);
  if (source.family === 6) return accept(mode, 'IPv6 has no reverse path filter');
  if (source.value === 0n) return accept(mode, 'a source of 0.0.0.0 is accepted for IGMP and link-local groups');
  return validate(state, arrival, source, mode);
}

/** Sources that no mode accepts. */
function martianReason(state: RoutingState, arrival: Arrival, source: IpNumber, group: IpNumber): string | undefined {
  const text = arrival.source;
  if (GROUPS.some((block) => covers(block, source))) return `the source ${text} is a group`;
  if (source.family === 4 && source.value === BROADCAST) return `the source ${text} is the broadcast address`;
  const loopback = state.links.find((link) => link.name === arrival.interface)?.flags.includes('LOOPBACK') === true;
  if (LOOPBACK.some((block) => covers(block, source)) && !(source.family === 6 && loopback)) {
    const allowed = source.family === 4 && isSet(state, 'route_localnet', arrival.interface);
    return allowed ? undefined : `the source ${text} is a loopback address`;
  }
  const unset = source.family === 4 && source.value === 0n;
  return unset && !covers(LOCAL_GROUPS, group) && arrival.protocol !== IGMP
    ? 'the source 0.0.0.0 is accepted for IGMP and 224.0.0.0/24 only'
    : undefined;
}

function validate(state: RoutingState, arrival: Arrival, source: IpNumber, mode: number): ReversePath {
  const { interface: on } = arrival;
  if (mode === 0 && (isSet(state, 'accept_local', on) || !looksUpRoutes(state))) {
    const own = !isSet(state, 'accept_local', on) && interfaceWithAddress(state.addresses, source) !== undefined;
    return own ? refuse(0, `${arrival.source} is an address of this namespace`) : accept(0, OFF);
  }
  const query = { family: 4, destination: fromNumber(source.value, 4), protocol: 0 } as const;
  const found = fibLookup4(state, query, source, { family: 4, value: 0n }, undefined);
  return judge(state, arrival, mode, found);
}

/** With the filter off, the kernel still looks the source up when there are policy rules or local routes that it did not make itself. */
function looksUpRoutes(state: RoutingState): boolean {
  const byHand = state.routes.some(
    (route) => route.family === 4 && route.type === 'local' && route.protocol !== 'kernel',
  );
  return byHand || !areDefaultRules(state.rules.filter((rule) => rule.family === 4));
}

function judge(state: RoutingState, arrival: Arrival, mode: number, found: FibHit | RouteRefused): ReversePath {
  const { interface: on, source } = arrival;
  if ('kind' in found) {
    return mode === 0 ? accept(0, OFF) : filtered(mode, `rp_filter ${mode}: there is no route to the source ${source}`);
  }
  if (found.route.type !== 'unicast' && !(found.route.type === 'local' && isSet(state, 'accept_local', on))) {
    return refuse(
      mode,
      found.route.type === 'local'
        ? `${source} is an address of this namespace`
        : `${source} is a ${found.route.type} address here`,
    );
  }
  const interfaces = [...new Set(found.route.nextHops.flatMap((hop) => hop.interface ?? []))];
  const towardSource = { interfaces, route: found.route.destination };
  if (interfaces.includes(on)) return { ...accept(mode, `the route to ${source} leaves by ${on}`), towardSource };
  if (mode === 0) return { ...accept(0, OFF), towardSource };
  const elsewhere = `the route to ${source} (${found.route.destination}) leaves by ${interfaces.join(' and ')}, not by ${on}`;
  const unnumbered = !state.addresses.some((address) => address.family === 4 && address.interface === on);
  if (unnumbered)
    return { ...filtered(mode, `rp_filter ${mode}: ${elsewhere}, and ${on} has no address`), towardSource };
  if (mode === 1) return { ...filtered(mode, `rp_filter 1 (strict): ${elsewhere}`), towardSource };
  return { ...accept(mode, `rp_filter ${mode} (loose): there is a route to ${source}`), towardSource };
}

function accept(rpFilter: number, reason: string): ReversePath {
  return { accepted: true, counted: false, rpFilter, reason };
}

function refuse(rpFilter: number, reason: string): ReversePath {
  return { accepted: false, counted: false, rpFilter, reason };
}

function filtered(rpFilter: number, reason: string): ReversePath {
  return { accepted: false, counted: true, rpFilter, reason };
}
