/** Numbers of rtnetlink(7) and the words that iproute2 prints for them: one table for both readers. */
import type { RouteType } from '../model/netns.ts';

/** RTN_* (include/uapi/linux/rtnetlink.h), from 1. */
const ROUTE_TYPES: readonly RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
  'xresolve',
];

/** RT_SCOPE_* (rtnetlink.h); iproute2 prints `global` for universe. */
const SCOPES: Readonly<Record<number, string>> = {
  0: 'universe',
  200: 'site',
  253: 'link',
  254: 'host',
  255: 'nowhere',
};

/** RTPROT_* (rtnetlink.h, and iproute2's etc/iproute2/rt_protos). */
const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'redirect',
  2: 'kernel',
  3: 'boot',
  4: 'static',
  8: 'gated',
  9: 'ra',
  10: 'mrt',
  11: 'zebra',
  12: 'bird',
  13: 'dnrouted',
  14: 'xorp',
  15: 'ntk',
  16: 'dhcp',
  17: 'mrouted',
  18: 'keepalived',
  42: 'babel',
  99: 'openr',
  186: 'bgp',
  187: 'isis',
  188: 'ospf',
  189: 'rip',
  192: 'eigrp',
};

/** RT_TABLE_* (rtnetlink.h) by the names of iproute2's rt_tables. */
const TABLES: Readonly<Record<string, number>> = { unspec: 0, default: 253, main: 254, local: 255 };

/** Type of a route by its number, or `undefined` for one that this kernel header does not know. */
export function routeType(value: number): RouteType | undefined {
  return ROUTE_TYPES[value - 1];
}

/** Type of a route by what `ip` printed: its name, or with `-N` its number. */
export function routeTypeOf(text: string): RouteType | undefined {
  return ROUTE_TYPES.find((type) => type === text) ?? (/^\d+$/.test(text) ? routeType(Number(text)) : undefined);
}

/** Scope of a route by its number. */
export function routeScope(value: number): string {
  return SCOPES[value] ?? String(value);
}

/** Scope of a route by what `ip` printed. */
export function routeScopeOf(text: string): string {
  if (text === 'global') return 'universe';
  return /^\d+$/.test(text) ? routeScope(Number(text)) : text;
}

/** Scope of an address by its number; there `universe` is called `global`. */
export function addressScope(value: number): string {
  return value === 0 ? 'global' : routeScope(value);
}

/** Scope of an address by what `ip` printed. */
export function addressScopeOf(text: string): string {
  return /^\d+$/.test(text) ? addressScope(Number(text)) : text;
}

/** Who made a route. */
export function routeProtocol(value: number): string {
  return PROTOCOLS[value] ?? String(value);
}

/** Who made a route, by what `ip` printed. */
export function routeProtocolOf(text: string): string {
  return /^\d+$/.test(text) ? routeProtocol(Number(text)) : text;
}

/** Number of a routing table by what `ip` printed; `undefined` for a name that only the node's rt_tables knows. */
export function tableOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : TABLES[text];
}
