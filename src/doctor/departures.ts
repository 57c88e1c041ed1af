/** How the group's datagrams leave the target. */
import { hostPrefix } from '../model/address.ts';
import { valueIn } from '../model/fact.ts';
import type { RouteFound, RouteLookup } from '../model/route-lookup.ts';
import { lookup } from '../model/route-lookup.ts';
import type { Flow } from '../model/wire.ts';
import type { Case } from './case.ts';
import { routingOf } from './routing.ts';
import type { Evidence } from './rule.ts';
import { at, evidence } from './say.ts';

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

/** A gateway that is used for groups alone and does not answer: somebody sent to a group by it. */
export function sentInVain(c: Case): Evidence[] | undefined {
  const way = gatewayOf(wayOut(c));
  const exact = way?.route?.destination === hostPrefix(c.group.address);
  // A member's wide route may have been tried for another group.
  if (way === undefined || (c.role !== 'none' && !exact)) return undefined;
  const others = c.ns.routes.filter((r) => r !== way.route && r.nextHops.some((hop) => hop.gateway === way.gateway));
  const observation = valueIn(c.target.observation);
  const neighbour = (observation === undefined ? [] : (valueIn(observation.netns.neighbours) ?? [])).find(
    (n) => n.address === way.gateway && n.interface === way.interface && ['failed', 'incomplete'].includes(n.state),
  );
  if (neighbour === undefined || others.length > 0) return undefined;
  return [evidence(at(c, way.interface), 'neighbours', `${way.gateway} does not answer (${neighbour.state})`)];
}
