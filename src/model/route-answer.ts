/** Answers of a lookup, made from what it found. */
import type { PolicyRule, Route } from './netns.ts';
import type { RouteFound } from './route-types.ts';

/** The way itself: the same whether a route led to it or not. */
export type Way = Pick<RouteFound, 'type' | 'nextHops'> & { readonly source?: string | undefined };

/** A way that a route gives. */
export function throughRoute(route: Route, rule: PolicyRule | undefined, way: Way): RouteFound {
  return {
    ...found(way, 'route'),
    route,
    table: route.table,
    ...(rule === undefined ? {} : { rule }),
    ...(route.preferredSource === undefined ? {} : { preferredSource: route.preferredSource }),
  };
}

/** A way that the sender's choice of an interface or a source address gives, whatever the routes say. */
export function withoutRoute(
  name: string,
  by: 'interface' | 'source',
  type: RouteFound['type'],
  source: string | undefined,
): RouteFound {
  return found({ type, nextHops: [{ interface: name }], source }, by);
}

function found(way: Way, by: RouteFound['by']): RouteFound {
  const nextHop = way.nextHops[0] ?? {};
  return {
    kind: 'route',
    interface: nextHop.interface ?? '',
    nextHop,
    nextHops: way.nextHops,
    type: way.type,
    by,
    ...(nextHop.gateway === undefined ? {} : { gateway: nextHop.gateway }),
    ...(way.source === undefined ? {} : { source: way.source }),
  };
}
