/** Mends the configuration of an attachment: every field that kmcast does not change stays as the user wrote it. */

import type { NadEdit } from '../doctor/fix.ts';
import { canonicalAddress, contains, familyOf, hostPrefix, parsePrefix } from '../model/address.ts';
import { isMulticast } from '../model/group.ts';
import { isObject, type Json } from '../model/nad.ts';

/** What the attachment's routes must do for the pod. */
export interface RouteWants {
  /** Groups that must be routed to the interface. */
  readonly groups: readonly string[];
  /** Sources that the reverse path must lead to. */
  readonly sources: readonly string[];
}

/** A route that CNI installs with link scope: without `gw`, host-local would fill in the subnet's gateway. */
function linkScope(dst: string): Json {
  return { dst, gw: '0.0.0.0' };
}

/**
 * @param json the configuration, single or list.
 * @returns the mended configuration; the same content when nothing had to change.
 */
export function mendConfig(json: Json, edits: readonly NadEdit[], wants: RouteWants): Json {
  const isList = Array.isArray(json.plugins);
  const plugins = (isList ? (json.plugins as unknown[]) : [json]).filter(isObject);
  const [first, ...others] = plugins;
  if (first === undefined) return json;
  const stray = [...(isList ? routesOf(json) : []), ...routesOf(first)];
  const edited = edits.reduce<Json>(applyEdit, without(first, 'routes'));
  const ipam = mendIpam(isObject(first.ipam) ? first.ipam : {}, stray, edits, wants);
  const main = keepOrder(first, Object.keys(ipam).length > 0 ? { ...edited, ipam } : edited);
  const sysctls = edits.flatMap((edit) => ('set' in edit && edit.set === 'sysctl' ? [edit] : []));
  if (!isList && sysctls.length === 0) return main;
  const chain = withTuning(others, sysctls);
  const { cniVersion, name, ...rest } = main;
  return isList
    ? { ...without(json, 'routes'), plugins: [main, ...chain] }
    : {
        ...(cniVersion === undefined ? {} : { cniVersion }),
        ...(name === undefined ? {} : { name }),
        plugins: [rest, ...chain],
      };
}

function keepOrder(original: Json, changed: Json): Json {
  const keys = [
    ...Object.keys(original).filter((key) => key in changed),
    ...Object.keys(changed).filter((key) => !(key in original)),
  ];
  return Object.fromEntries(keys.map((key) => [key, changed[key]]));
}

function applyEdit(plugin: Json, edit: NadEdit): Json {
  if (!('set' in edit)) return plugin;
  if (edit.set === 'master' || edit.set === 'mode' || edit.set === 'bcqueuelen')
    return { ...plugin, [edit.set]: edit.value };
  return plugin;
}

function withTuning(
  chain: readonly Json[],
  sysctls: readonly { readonly name: string; readonly value: string }[],
): Json[] {
  if (sysctls.length === 0) return [...chain];
  const wanted = Object.fromEntries(sysctls.map((s) => [s.name, s.value]));
  const existing = chain.find((plugin) => plugin.type === 'tuning');
  if (existing === undefined) return [...chain, { type: 'tuning', sysctl: wanted }];
  return chain.map((plugin) =>
    plugin === existing
      ? { ...plugin, sysctl: { ...(isObject(plugin.sysctl) ? plugin.sysctl : {}), ...wanted } }
      : plugin,
  );
}

function mendIpam(ipam: Json, stray: readonly Json[], edits: readonly NadEdit[], wants: RouteWants): Json {
  const dropped = edits.flatMap((edit) => ('drop' in edit ? [edit.dst] : []));
  // A default route beside `ipam` did nothing so far; in it, it would take the pod's other traffic away.
  const harmless = stray.filter((route) => parsePrefix(String(route.dst))?.length !== 0);
  const routes = [...routesOf(ipam), ...harmless]
    .filter((route) => !dropped.includes(String(route.dst)))
    .map(mendRoute)
    .filter(isFirst);
  for (const group of wants.groups) {
    // IPv6 looks multicast up in the local table first, where every interface has ff00::/8: a route of an attachment is never asked.
    if (familyOf(group) === 4 && !routes.some((route) => covers(route, group) && isMulticastRoute(route)))
      routes.push(linkScope(hostPrefix(group)));
  }
  for (const source of wants.sources) {
    // The reverse-path filter is IPv4's alone.
    if (familyOf(source) === 4 && !routes.some((route) => covers(route, source)))
      routes.push(linkScope(hostPrefix(source)));
  }
  if (routes.length === 0 && !('routes' in ipam)) return ipam;
  return { ...ipam, routes };
}

/** Other routes keep their gateway, also the one that host-local fills in: replies to a source behind a router need it. */
function mendRoute(route: Json): Json {
  const written = typeof route.dst === 'string' ? route.dst : '';
  const bare = canonicalAddress(written);
  const dst = parsePrefix(written) === undefined && bare !== undefined ? hostPrefix(bare) : written;
  const prefix = parsePrefix(dst);
  if (dst === '') return route;
  const groups = prefix !== undefined && prefix.family === 4 && isMulticast(prefix.address);
  return groups ? { ...route, dst, gw: '0.0.0.0' } : { ...route, dst };
}

/** Routes that differ in table or priority are different routes. */
function isFirst(route: Json, index: number, all: readonly Json[]): boolean {
  const key = ({ dst, table, priority }: Json) => JSON.stringify([dst, table, priority]);
  return all.findIndex((other) => key(other) === key(route)) === index;
}

function covers(route: Json, address: string): boolean {
  return typeof route.dst === 'string' && contains(route.dst, address);
}

function isMulticastRoute(route: Json): boolean {
  return (
    typeof route.dst === 'string' &&
    isMulticast(route.dst.split('/')[0] ?? '') &&
    canonicalAddress(route.dst.split('/')[0] ?? '') !== undefined
  );
}

function routesOf(place: Json): Json[] {
  return Array.isArray(place.routes) ? place.routes.filter(isObject) : [];
}

function without(json: Json, key: string): Json {
  const { [key]: _, ...rest } = json;
  return rest;
}
