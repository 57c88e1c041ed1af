/** Refusals, in the kernel's errors (fib_props[] in net/ipv4/fib_semantics.c, fib6_prop[] in net/ipv6/route.c). */
import type { PolicyRule, Route } from './netns.ts';
import type { RouteError, RouteRefused } from './route-types.ts';

/** A refusal for want of a route, an interface or an address. */
export function refused(error: RouteError, reason: string): RouteRefused {
  return { kind: 'no-route', error, reason };
}

/** A refusal that a route asks for: blackhole, unreachable, prohibit. */
export function refusedByRoute(route: Route, rule: PolicyRule | undefined): RouteRefused {
  const kind = route.type === 'unreachable' || route.type === 'prohibit' ? route.type : 'blackhole';
  const error = kind === 'unreachable' ? 'EHOSTUNREACH' : kind === 'prohibit' ? 'EACCES' : 'EINVAL';
  return {
    kind,
    error,
    reason: `the ${route.type} route ${route.destination} of table ${route.table} refuses it`,
    route,
    table: route.table,
    ...(rule === undefined ? {} : { rule }),
  };
}

/** A refusal by a policy rule's action. */
export function refusedByRule(rule: PolicyRule, destination: string): RouteRefused {
  const kind = rule.action === 'unreachable' || rule.action === 'prohibit' ? rule.action : 'blackhole';
  const error = kind === 'unreachable' ? 'ENETUNREACH' : kind === 'prohibit' ? 'EACCES' : 'EINVAL';
  return { kind, error, reason: `policy rule ${rule.priority} (${rule.action}) refuses ${destination}`, rule };
}
