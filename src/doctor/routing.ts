/** The routing state of a namespace, as the lookup wants it. */
import type { Family, PolicyRule } from '../model/netns.ts';
import type { RoutingState } from '../model/route-lookup.ts';
import type { NamespaceView } from './case.ts';

/** A namespace has policy rules for each family; where they could not be read, those that the kernel makes stand in. */
export function routingOf(ns: NamespaceView): RoutingState {
  const { links, addresses, routes, sysctls } = ns;
  return { links, addresses, routes, rules: [...rulesFor(ns, 4), ...rulesFor(ns, 6)], sysctls };
}

function rulesFor(ns: NamespaceView, family: Family): readonly PolicyRule[] {
  const own = ns.rules.filter((rule) => rule.family === family);
  return own.length > 0 ? own : MADE_BY_KERNEL.map((rule) => ({ ...rule, family }));
}

/** Tables local, main and default. IPv6 has no default table: its rule finds nothing there. */
const MADE_BY_KERNEL = [
  { priority: 0, action: 'lookup', table: 255 },
  { priority: 32766, action: 'lookup', table: 254 },
  { priority: 32767, action: 'lookup', table: 253 },
] as const;
