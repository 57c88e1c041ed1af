import { canonicalAddress } from '../../model/address.ts';
import type { Family, NextHop, Route } from '../../model/netns.ts';
import { compact } from '../compact.ts';
import { nextHopFlagsOf } from '../link-words.ts';
import { routeProtocolOf, routeScopeOf, routeTypeOf, tableOf } from '../words.ts';
import { type JsonObject, numberAt, numeralAt, objectAt, objectsAt, textAt, textsAt } from './json.ts';
import { prefixOf } from './prefix.ts';

/** ICMPV6_ROUTER_PREF_* (include/uapi/linux/icmpv6.h). */
const PREFERENCES: Readonly<Record<string, number>> = { medium: 0, high: 1, low: 3 };

/** The routes of `ip -4|-6 -j -d -N route show table all`; one in a table that has only a local name is left out. */
export function routesFromIp(objects: readonly JsonObject[], family: Family): Route[] {
  return objects.flatMap((object) => route(object, family) ?? []);
}

function route(object: JsonObject, family: Family): Route | undefined {
  const type = routeTypeOf(textAt(object, 'type') ?? 'unicast');
  const destination = prefixOf(textAt(object, 'dst'), family);
  const table = tableOf(textAt(object, 'table') ?? 'main');
  if (type === undefined || destination === undefined || table === undefined) return undefined;
  const source = prefixOf(textAt(object, 'from'), family);
  return compact({
    family,
    destination,
    table,
    type,
    scope: routeScopeOf(textAt(object, 'scope') ?? 'universe'),
    protocol: routeProtocolOf(textAt(object, 'protocol') ?? 'boot'),
    metric: numberAt(object, 'metric') ?? 0,
    preferredSource: canonicalAddress(textAt(object, 'prefsrc') ?? ''),
    tos: numeralAt(object, 'tos') || undefined,
    source,
    preference: PREFERENCES[textAt(object, 'pref') ?? ''],
    nextHops: nextHops(object),
  });
}

function nextHops(object: JsonObject): NextHop[] {
  const several = objectsAt(object, 'nexthops');
  const hops = several.length > 0 ? several : [object];
  return hops.map(nextHop).filter((hop) => Object.keys(hop).length > 0);
}

function nextHop(object: JsonObject): NextHop {
  const flags = nextHopFlagsOf(textsAt(object, 'flags'));
  return compact({
    interface: textAt(object, 'dev'),
    gateway: canonicalAddress(textAt(object, 'gateway') ?? textAt(objectAt(object, 'via'), 'host') ?? ''),
    flags: flags.length === 0 ? undefined : flags,
    weight: numberAt(object, 'weight'),
  });
}
