/** Everything that was read of one network namespace, understood. */
import type { AgentMessage, Phase } from '../agent/protocol.ts';
import { type Fact, isKnown, known, mapFact, unknown } from '../model/fact.ts';
import type { MulticastRouting } from '../model/multicast-routing.ts';
import type { Counters, Membership, NetnsFacts, SourceFilter, UdpSocket } from '../model/netns.ts';
import type { Firewall } from '../model/packet-filter.ts';
import { allKnown, orNone } from './first-known.ts';
import { type InterfaceNames, namesOf } from './interface-names.ts';
import { parseCounterPairs, parseSnmp6 } from './proc/counters.ts';
import { parseLinkGroups } from './proc/link-groups.ts';
import { parseIgmp, parseIgmp6 } from './proc/memberships.ts';
import { parseMulticastCache, parseVifs } from './proc/multicast-routing.ts';
import { parseUdp } from './proc/sockets.ts';
import { parseSourceFilters } from './proc/source-filters.ts';
import { type CommandMessage, optional, type Readings, readingsOf } from './readings.ts';
import { type CommandName, FIREWALL_COMMANDS } from './reads.ts';
import { addressesFact, linksFact, mdbFact, neighboursFact, routesFact, rulesFact } from './tables.ts';

/**
 * Understands the listings of the packet filter. Called when at least one of the commands ended with status 0; given all that
 * ran, by name (`iptables-save`, `ip6tables-save`, `iptables-legacy-save`, `nft`), also those that failed.
 */
export type ParseFirewall = (listings: readonly CommandMessage[]) => Fact<Firewall>;

/**
 * Assembles what an agent said of one place in one phase. What could not be read carries the reason: the
 * agent's words for each way that was tried. Never throws.
 */
export function namespaceFacts(
  messages: readonly AgentMessage[],
  phase: Phase,
  parseFirewall: ParseFirewall,
): NetnsFacts {
  const readings = readingsOf(messages, phase);
  const links = linksFact(readings);
  const names = namesOf(orNone(links));
  return {
    links,
    addresses: addressesFact(readings, names),
    routes: routesFact(readings, names),
    rules: rulesFact(readings),
    neighbours: neighboursFact(readings, names),
    memberships: memberships(readings),
    sourceFilters: sourceFilters(readings, names),
    linkGroups: mapFact(readings.file('/proc/net/dev_mcast'), parseLinkGroups),
    sockets: sockets(readings),
    counters: counters(readings),
    multicastRouting: multicastRouting(readings),
    mdb: mdbFact(readings, links, names),
    sysctls: sysctls(readings),
    firewall: firewall(readings, parseFirewall),
  };
}

function memberships(readings: Readings): Fact<readonly Membership[]> {
  return allKnown<Membership>(
    mapFact(readings.file('/proc/net/igmp'), parseIgmp),
    mapFact(optional(readings.file('/proc/net/igmp6')), parseIgmp6),
  );
}

function sourceFilters(readings: Readings, names: InterfaceNames): Fact<readonly SourceFilter[]> {
  return allKnown<SourceFilter>(
    mapFact(readings.file('/proc/net/mcfilter'), (text) => parseSourceFilters(text, 4, names)),
    mapFact(optional(readings.file('/proc/net/mcfilter6')), (text) => parseSourceFilters(text, 6, names)),
  );
}

function sockets(readings: Readings): Fact<readonly UdpSocket[]> {
  const found = allKnown<UdpSocket>(
    mapFact(readings.file('/proc/net/udp'), (text) => parseUdp(text, 4)),
    mapFact(optional(readings.file('/proc/net/udp6')), (text) => parseUdp(text, 6)),
  );
  return mapFact(found, (list) =>
    list.map((socket) => {
      const owner = readings.owners.get(socket.inode);
      return owner === undefined ? socket : { ...socket, owner };
    }),
  );
}

function counters(readings: Readings): Fact<Counters> {
  const parts = allKnown<Counters>(
    mapFact(readings.file('/proc/net/snmp'), (text) => [parseCounterPairs(text)]),
    mapFact(readings.file('/proc/net/netstat'), (text) => [parseCounterPairs(text)]),
    mapFact(optional(readings.file('/proc/net/snmp6')), (text) => [parseSnmp6(text)]),
  );
  return mapFact(parts, (list) => Object.assign({}, ...list));
}

/** Kernels without CONFIG_IP_MROUTE have none of these files: they route no multicast. */
function multicastRouting(readings: Readings): Fact<MulticastRouting> {
  const file = (name: string) => optional(readings.file(`/proc/net/${name}`));
  const vifs = allKnown(
    mapFact(file('ip_mr_vif'), (text) => parseVifs(text, 4)),
    mapFact(file('ip6_mr_vif'), (text) => parseVifs(text, 6)),
  );
  const cache = allKnown(
    mapFact(file('ip_mr_cache'), (text) => parseMulticastCache(text, 4)),
    mapFact(file('ip6_mr_cache'), (text) => parseMulticastCache(text, 6)),
  );
  return isKnown(vifs) ? mapFact(cache, (entries) => ({ vifs: vifs.value, cache: entries })) : vifs;
}

/** /proc/sys/net/ipv4/conf/eth0.100/rp_filter is `net.ipv4.conf.eth0.100.rp_filter`: the interface stays as it is. */
function sysctls(readings: Readings): Fact<Readonly<Record<string, string>>> {
  const prefix = '/proc/sys/';
  const paths = [...readings.files].filter(([path]) => path.startsWith(prefix));
  // ip_forward is in every kernel's namespace with IPv4: its reason is the reason for all.
  if (paths.length === 0) return mapFact(readings.file(`${prefix}net/ipv4/ip_forward`), () => ({}));
  return known(
    Object.fromEntries(paths.map(([path, text]) => [path.slice(prefix.length).replaceAll('/', '.'), text.trim()])),
  );
}

function firewall(readings: Readings, parse: ParseFirewall): Fact<Firewall> {
  const listings = readings.commands.filter((command) => FIREWALL_COMMANDS.includes(command.name));
  if (listings.some((listing) => listing.status === 0)) return parse(listings);
  const reasons = FIREWALL_COMMANDS.map((name) => readings.output(name as CommandName)).flatMap((fact) =>
    isKnown(fact) ? [] : [fact.unknown],
  );
  const absent = reasons.every((reason) => /No such file or directory|not found/i.test(reason));
  return unknown(absent ? 'neither iptables nor nft is at hand there' : [...new Set(reasons)].join('; '));
}
