/** A pod's namespace for tests: eth0 on the cluster network with the default route, net1 on the LAN of the stream. */

import type { PolicyRule, Route } from '../../src/model/netns.ts';
import type { RoutingState } from '../../src/model/route-lookup.ts';

export function route(
  destination: string,
  way: Partial<Route> & { readonly dev?: string; readonly via?: string } = {},
): Route {
  const { dev, via, ...rest } = way;
  const family = destination.includes(':') ? 6 : 4;
  const hop = { ...(dev === undefined ? {} : { interface: dev }), ...(via === undefined ? {} : { gateway: via }) };
  return {
    family,
    destination,
    table: 254,
    type: 'unicast',
    scope: via === undefined ? 'link' : 'global',
    protocol: 'boot',
    metric: family === 4 ? 0 : 1024,
    nextHops: [hop],
    ...rest,
  };
}

export const DEFAULT_RULES: readonly PolicyRule[] = [
  { family: 4, priority: 0, action: 'lookup', table: 255 },
  { family: 4, priority: 32766, action: 'lookup', table: 254 },
  { family: 4, priority: 32767, action: 'lookup', table: 253 },
  { family: 6, priority: 0, action: 'lookup', table: 255 },
  { family: 6, priority: 32766, action: 'lookup', table: 254 },
];

const OWN: readonly Route[] = [
  route('0.0.0.0/0', { dev: 'eth0', via: '10.244.0.1' }),
  route('10.244.0.0/24', { dev: 'eth0', preferredSource: '10.244.0.5', protocol: 'kernel' }),
  route('10.50.0.0/24', { dev: 'net1', preferredSource: '10.50.0.200', protocol: 'kernel' }),
  route('10.50.0.200/32', {
    dev: 'net1',
    table: 255,
    type: 'local',
    scope: 'host',
    preferredSource: '10.50.0.200',
    protocol: 'kernel',
  }),
  route('ff00::/8', { dev: 'eth0', table: 255, type: 'multicast', metric: 256, protocol: 'kernel' }),
  route('ff00::/8', { dev: 'net1', table: 255, type: 'multicast', metric: 256, protocol: 'kernel' }),
];

const link = (index: number, name: string, ...flags: string[]) => ({
  index,
  name,
  flags: ['UP', 'LOWER_UP', ...flags],
  mtu: 1500,
  operstate: 'up',
});

/** The pod with these routes besides its own. */
export function pod(
  routes: readonly Route[] = [],
  sysctls: Readonly<Record<string, string>> = {},
  rules = DEFAULT_RULES,
): RoutingState {
  return {
    links: [link(1, 'lo', 'LOOPBACK'), link(2, 'eth0', 'MULTICAST'), link(3, 'net1', 'MULTICAST')],
    addresses: [
      { family: 4, interface: 'lo', address: '127.0.0.1', prefixLength: 8, scope: 'host' },
      { family: 4, interface: 'eth0', address: '10.244.0.5', prefixLength: 24, scope: 'global' },
      { family: 4, interface: 'net1', address: '10.50.0.200', prefixLength: 24, scope: 'global' },
    ],
    routes: [...OWN, ...routes],
    rules,
    sysctls,
  };
}
