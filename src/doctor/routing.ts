/** The routing state of a namespace, as the lookup wants it. */
import type { RoutingState } from '../model/route-lookup.ts';
import type { NamespaceView } from './case.ts';

export function routingOf(ns: NamespaceView): RoutingState {
  return { links: ns.links, addresses: ns.addresses, routes: ns.routes, rules: ns.rules, sysctls: ns.sysctls };
}
