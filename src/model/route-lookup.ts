/**
 * The kernel's route lookup, for what a namespace sends and for the joins that name no interface. Not modelled: VRF
 * (l3mdev), interface groups of policy rules, cached path exceptions, IPv6's choice of a source address.
 */

import { ipNumber } from './ip-number.ts';
import type { Family } from './netns.ts';
import { outputLookup4 } from './route-output4.ts';
import { joinLookup6, outputLookup6 } from './route-output6.ts';
import { refused } from './route-refusal.ts';
import type { RouteLookup, RouteQuery, RoutingState } from './route-types.ts';
import { interfaceWithAddress } from './source-address.ts';

export type { RouteError, RouteFound, RouteLookup, RouteQuery, RouteRefused, RoutingState } from './route-types.ts';

/** The way out of a datagram: what `ip route get DESTINATION [from SOURCE] [oif INTERFACE] [mark MARK] …` answers. */
export function lookup(state: RoutingState, query: RouteQuery): RouteLookup {
  return query.family === 4 ? outputLookup4(state, query) : outputLookup6(state, query);
}

/** A join: the group, and what the program named. */
export interface Join {
  readonly family: Family;
  readonly group: string;
  /** An interface (IPv6: by its index; ip_mreqn), which then is the answer. */
  readonly interface?: string;
  /** IPv4: the address of an interface in ip_mreq; 0.0.0.0 is none. */
  readonly address?: string;
}

/**
 * Where a join lands, or why it fails with ENODEV: on the interface that is named, or on the one that the route to the group
 * leaves by (net/ipv4/igmp.c ip_mc_find_dev, net/ipv6/mcast.c __ipv6_sock_mc_join).
 */
export function joinInterface(
  state: RoutingState,
  join: Join,
): { readonly interface: string; readonly way?: RouteLookup } | { readonly refused: RouteLookup } {
  if (join.interface !== undefined) {
    const exists = state.links.some((link) => link.name === join.interface);
    return exists
      ? { interface: join.interface }
      : { refused: refused('ENODEV', `there is no interface ${join.interface}`) };
  }
  const address = join.family === 4 && join.address !== undefined ? ipNumber(join.address) : undefined;
  if (address !== undefined && address.value !== 0n) {
    const owner = interfaceWithAddress(state.addresses, address);
    return owner === undefined
      ? { refused: refused('ENODEV', `no interface has the address ${join.address}`) }
      : { interface: owner };
  }
  const way =
    join.family === 4
      ? lookup(state, { family: 4, destination: join.group, protocol: 0 })
      : joinLookup6(state, join.group);
  return way.kind === 'route' ? { interface: way.interface, way } : { refused: way };
}
