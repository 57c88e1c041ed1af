import type { BridgeOptions, BridgePort, Link, LinkStats } from '../../model/netns.ts';
import { compact } from '../compact.ts';
import { withParents } from '../interface-names.ts';
import { type JsonObject, numberAt, numeralAt, objectAt, textAt, textsAt } from './json.ts';

/** Ethernet and InfiniBand; a tunnel's "address" is an IP address. */
const MAC = /^([0-9a-f]{2}:){5}([0-9a-f]{2}|([0-9a-f]{2}:){14}[0-9a-f]{2})$/;

/** The interfaces of `ip -j -d -s link`. */
export function linksFromIp(objects: readonly JsonObject[]): Link[] {
  const indexes = new Map(objects.map((object) => [textAt(object, 'ifname'), numberAt(object, 'ifindex')]));
  return withParents(objects.flatMap((object) => link(object, indexes) ?? []));
}

function link(object: JsonObject, indexes: ReadonlyMap<string | undefined, number | undefined>): Link | undefined {
  const index = numberAt(object, 'ifindex');
  const name = textAt(object, 'ifname');
  if (index === undefined || name === undefined) return undefined;
  const mac = textAt(object, 'address');
  const indexOf = (member: string) => {
    const other = textAt(object, member);
    return other === undefined ? undefined : (indexes.get(other) ?? numbered(other));
  };
  return compact({
    index,
    name,
    flags: textsAt(object, 'flags').filter((flag) => flag !== 'M-DOWN' && !flag.startsWith('0x')),
    mtu: numberAt(object, 'mtu') ?? 0,
    mac: mac !== undefined && MAC.test(mac) ? mac : undefined,
    operstate: (textAt(object, 'operstate') ?? 'unknown').toLowerCase(),
    ...linkInfo(objectAt(object, 'linkinfo')),
    // `link` is a name in this namespace, `link_index` an index in another one.
    parentIndex: numberAt(object, 'link_index') ?? indexOf('link'),
    parentNetns: numberAt(object, 'link_netnsid'),
    masterIndex: indexOf('master'),
    stats: stats(objectAt(object, 'stats64')),
  });
}

/** iproute2 prints `if7` for an index that it does not know. */
function numbered(name: string): number | undefined {
  return /^if\d+$/.test(name) ? Number(name.slice(2)) : undefined;
}

function linkInfo(
  info: JsonObject | undefined,
): Pick<Link, 'kind' | 'mode' | 'port' | 'vlanId' | 'bridge' | 'bcQueueLength'> {
  const kind = textAt(info, 'info_kind');
  const data = objectAt(info, 'info_data') ?? {};
  return compact({
    kind,
    mode: kind !== undefined && /^(mac|ip)v(lan|tap)$/.test(kind) ? textAt(data, 'mode') : undefined,
    port: textAt(info, 'info_slave_kind') === 'bridge' ? bridgePort(objectAt(info, 'info_slave_data')) : undefined,
    vlanId: kind === 'vlan' ? numberAt(data, 'id') : undefined,
    bridge: kind === 'bridge' ? bridge(data) : undefined,
    bcQueueLength: numberAt(data, 'usedbcqueuelen'),
  });
}

function bridgePort(data: JsonObject | undefined): BridgePort | undefined {
  const state = textAt(data, 'state');
  if (data === undefined || state === undefined) return undefined;
  const flag = (name: string) => (typeof data[name] === 'boolean' ? data[name] : undefined);
  return compact({ state, multicastFlood: flag('mcast_flood'), isolated: flag('isolated') });
}

function bridge(data: JsonObject): BridgeOptions {
  const flag = (name: string) => {
    const value = numberAt(data, name);
    return value === undefined ? undefined : value !== 0;
  };
  const mask = textAt(data, 'group_fwd_mask');
  return compact({
    snooping: flag('mcast_snooping') ?? false,
    querier: flag('mcast_querier') ?? false,
    queryUseIfaddr: flag('mcast_query_use_ifaddr'),
    igmpVersion: numberAt(data, 'mcast_igmp_version'),
    vlanFiltering: flag('vlan_filtering'),
    // Hexadecimal, with or without 0x.
    groupFwdMask:
      mask !== undefined && /^(0x)?[0-9a-f]+$/i.test(mask)
        ? Number.parseInt(mask, 16)
        : numeralAt(data, 'group_fwd_mask'),
  });
}

function stats(counters: JsonObject | undefined): LinkStats | undefined {
  const rx = objectAt(counters, 'rx');
  const tx = objectAt(counters, 'tx');
  if (rx === undefined || tx === undefined) return undefined;
  return {
    rxPackets: numberAt(rx, 'packets') ?? 0,
    txPackets: numberAt(tx, 'packets') ?? 0,
    rxDropped: numberAt(rx, 'dropped') ?? 0,
    rxErrors: numberAt(rx, 'errors') ?? 0,
    txDropped: numberAt(tx, 'dropped') ?? 0,
    txErrors: numberAt(tx, 'errors') ?? 0,
    multicast: numberAt(rx, 'multicast') ?? 0,
  };
}
