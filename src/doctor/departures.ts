/** How the group's datagrams leave the target. */
import type { RouteFound, RouteLookup } from '../model/route-lookup.ts';
import { lookup } from '../model/route-lookup.ts';
import type { Flow } from '../model/wire.ts';
import type { Case } from './case.ts';
import { routingOf } from './routing.ts';

/** The kernel's answer for a sender that names no interface and is bound to no address. */
export function wayOut(c: Case): RouteLookup {
  return lookup(routingOf(c.ns), { family: c.group.family, destination: c.group.address });
}

/** The route's own gateway: frames go to its MAC instead of the group's. */
export function gatewayOf(way: RouteLookup): (RouteFound & { readonly gateway: string }) | undefined {
  return way.kind === 'route' && way.gateway !== undefined ? { ...way, gateway: way.gateway } : undefined;
}

/** Whether the frames went to a station instead of a group: the lowest bit of the first byte is not set (IEEE 802 §8.2). */
export function isUnicastFrame(flow: Flow): boolean {
  const first = Number.parseInt(flow.destinationMac?.slice(0, 2) ?? '', 16);
  return Number.isInteger(first) && first % 2 === 0;
}

/** The group's departures in order of the interfaces that they use. */
export function departuresOn(c: Case, name: string): Flow[] {
  return c.departures.filter((flow) => flow.interface === name);
}
