/** The namespace's tables, each from the best of what was read: netlink, else iproute2, else /sys and /proc. */
import { type Fact, isKnown, known, mapFact, unknown } from '../model/fact.ts';
import type { MdbEntry } from '../model/multicast-routing.ts';
import type { Address, Family, Link, Neighbour, PolicyRule, Route } from '../model/netns.ts';
import { allKnown, firstKnown } from './first-known.ts';
import type { InterfaceNames } from './interface-names.ts';
import { addressesFromIp } from './iproute/addresses.ts';
import { type JsonObject, objectsOf } from './iproute/json.ts';
import { linksFromIp } from './iproute/links.ts';
import { mdbFromBridge } from './iproute/mdb.ts';
import { neighboursFromIp } from './iproute/neighbours.ts';
import { routesFromIp } from './iproute/routes.ts';
import { rulesFromIp } from './iproute/rules.ts';
import { addressesFromNetlink } from './netlink/addresses.ts';
import { linksFromNetlink } from './netlink/links.ts';
import { mdbFromNetlink } from './netlink/mdb.ts';
import { neighboursFromNetlink } from './netlink/neighbours.ts';
import { routesFromNetlink } from './netlink/routes.ts';
import { rulesFromNetlink } from './netlink/rules.ts';
import { parseFibTrie, parseIfInet6 } from './proc/addresses.ts';
import { withDevices } from './proc/devices.ts';
import { parseLinkStats } from './proc/link-stats.ts';
import { linksFromSys } from './proc/links.ts';
import { parseRoutes4, parseRoutes6 } from './proc/routes.ts';
import { optional, type Readings } from './readings.ts';
import type { CommandName } from './reads.ts';

/** The interfaces; without netlink and iproute2 their modes are not known, nor the kind of veth, macvlan and the like. */
export function linksFact(readings: Readings): Fact<readonly Link[]> {
  const links = firstKnown<readonly Link[]>(
    () => mapFact(readings.dump('links'), linksFromNetlink),
    () => mapFact(objects(readings, 'ip-link'), linksFromIp),
    () => sysLinks(readings),
  );
  return mapFact(links, (list) => withDevices(list, readings.files));
}

/** The addresses; without netlink and iproute2, IPv4's interface is found by the connected route. */
export function addressesFact(readings: Readings, names: InterfaceNames): Fact<readonly Address[]> {
  return firstKnown<readonly Address[]>(
    () => mapFact(readings.dump('addresses'), (messages) => addressesFromNetlink(messages, names)),
    () => mapFact(objects(readings, 'ip-address'), addressesFromIp),
    () => allKnown<Address>(fibTrie(readings), mapFact(optional(readings.file('/proc/net/if_inet6')), parseIfInet6)),
  );
}

/** The routes of all tables; without netlink and iproute2, IPv4's table main and IPv6's tables unnamed. */
export function routesFact(readings: Readings, names: InterfaceNames): Fact<readonly Route[]> {
  return firstKnown<readonly Route[]>(
    () => mapFact(readings.dump('routes'), (messages) => routesFromNetlink(messages, names)),
    () => families(readings, 'ip-route4', 'ip-route6', routesFromIp),
    () =>
      allKnown<Route>(
        mapFact(readings.file('/proc/net/route'), parseRoutes4),
        mapFact(optional(readings.file('/proc/net/ipv6_route')), parseRoutes6),
      ),
  );
}

/** The policy rules. */
export function rulesFact(readings: Readings): Fact<readonly PolicyRule[]> {
  return firstKnown<readonly PolicyRule[]>(
    () => mapFact(readings.dump('rules'), rulesFromNetlink),
    () => families(readings, 'ip-rule4', 'ip-rule6', rulesFromIp),
  );
}

/** The neighbours. */
export function neighboursFact(readings: Readings, names: InterfaceNames): Fact<readonly Neighbour[]> {
  return firstKnown<readonly Neighbour[]>(
    () => mapFact(readings.dump('neighbours'), (messages) => neighboursFromNetlink(messages, names)),
    () => mapFact(objects(readings, 'ip-neighbour'), neighboursFromIp),
  );
}

/** The bridges' multicast databases: none where no bridge is, which also answers for kernels that cannot dump them. */
export function mdbFact(
  readings: Readings,
  links: Fact<readonly Link[]>,
  names: InterfaceNames,
): Fact<readonly MdbEntry[]> {
  if (isKnown(links) && !links.value.some((link) => link.kind === 'bridge')) return known([]);
  return firstKnown<readonly MdbEntry[]>(
    () => mapFact(readings.dump('mdb'), (messages) => mdbFromNetlink(messages, names)),
    () => mapFact(objects(readings, 'bridge-mdb'), mdbFromBridge),
  );
}

function fibTrie(readings: Readings): Fact<readonly Address[]> {
  const routes = mapFact(readings.file('/proc/net/route'), parseRoutes4);
  const trie = readings.file('/proc/net/fib_trie');
  if (!isKnown(routes)) return routes;
  return isKnown(trie) ? parseFibTrie(trie.value, routes.value) : trie;
}

function sysLinks(readings: Readings): Fact<readonly Link[]> {
  const links = linksFromSys(readings.files);
  if (links.length === 0) return mapFact(readings.file('/sys/class/net/*/ifindex'), () => links);
  const stats = parseLinkStats(readings.files.get('/proc/net/dev') ?? '');
  return known(
    links.map((link) => {
      const counters = stats.get(link.name);
      return counters === undefined ? link : { ...link, stats: counters };
    }),
  );
}

/** The objects that a command of iproute2 printed. */
function objects(readings: Readings, name: CommandName): Fact<readonly JsonObject[]> {
  const output = readings.output(name);
  if (!isKnown(output)) return output;
  const parsed = objectsOf(output.value);
  return parsed === undefined
    ? unknown(`${name} printed no JSON: an iproute2 older than 4.13, or not iproute2`)
    : known(parsed);
}

/** What two commands printed, one for each family; a kernel without IPv6 has nothing to say of it. */
function families<T>(
  readings: Readings,
  ipv4: CommandName,
  ipv6: CommandName,
  parse: (list: readonly JsonObject[], family: Family) => T[],
): Fact<readonly T[]> {
  const without6 = isKnown(optional(readings.file('/proc/net/if_inet6'))) && !readings.files.has('/proc/net/if_inet6');
  return allKnown(
    mapFact(objects(readings, ipv4), (list) => parse(list, 4)),
    without6 ? known([]) : mapFact(objects(readings, ipv6), (list) => parse(list, 6)),
  );
}
