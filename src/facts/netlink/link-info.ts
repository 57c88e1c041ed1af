import { PORT_STATES } from '../../model/links.ts';
import type { BridgeOptions, BridgePort, Link } from '../../model/netns.ts';
import { compact } from '../compact.ts';
import { type Attributes, attributes, text, u8, u16, u32 } from './reader.ts';

/** include/uapi/linux/if_link.h. */
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_INFO_SLAVE_KIND = 4;
const IFLA_INFO_SLAVE_DATA = 5;
const IFLA_BRPORT_STATE = 1;
const IFLA_BRPORT_MCAST_FLOOD = 27;
const IFLA_BRPORT_ISOLATED = 33;
const IFLA_VLAN_ID = 1;
const IFLA_MACVLAN_MODE = 1;
const IFLA_MACVLAN_BC_QUEUE_LEN_USED = 8;
const IFLA_IPVLAN_MODE = 1;
const IFLA_BR_VLAN_FILTERING = 7;
const IFLA_BR_GROUP_FWD_MASK = 9;
const IFLA_BR_MCAST_SNOOPING = 23;
const IFLA_BR_MCAST_QUERY_USE_IFADDR = 24;
const IFLA_BR_MCAST_QUERIER = 25;
const IFLA_BR_MCAST_IGMP_VERSION = 43;

/** MACVLAN_MODE_* and IPVLAN_MODE_* (if_link.h). */
const MACVLAN_MODES: Readonly<Record<number, string>> = {
  1: 'private',
  2: 'vepa',
  4: 'bridge',
  8: 'passthru',
  16: 'source',
};
const IPVLAN_MODES: Readonly<Record<number, string>> = { 0: 'l2', 1: 'l3', 2: 'l3s' };

type LinkInfo = Pick<Link, 'kind' | 'mode' | 'port' | 'vlanId' | 'bridge' | 'bcQueueLength'>;

/** Kind of an interface, and what of its kind's options matters for multicast (IFLA_LINKINFO). */
export function linkInfo(bytes: Uint8Array | undefined): LinkInfo {
  if (bytes === undefined) return {};
  const info = attributes(bytes);
  const kind = text(info.get(IFLA_INFO_KIND));
  const port =
    text(info.get(IFLA_INFO_SLAVE_KIND)) === 'bridge' ? bridgePort(info.get(IFLA_INFO_SLAVE_DATA)) : undefined;
  const slave = port === undefined ? {} : { port };
  if (kind === undefined) return slave;
  return { kind, ...slave, ...options(kind, attributes(info.get(IFLA_INFO_DATA) ?? new Uint8Array())) };
}

function bridgePort(bytes: Uint8Array | undefined): BridgePort | undefined {
  const data = attributes(bytes ?? new Uint8Array());
  const state = PORT_STATES[u8(data.get(IFLA_BRPORT_STATE)) ?? -1];
  if (state === undefined) return undefined;
  return compact({
    state,
    multicastFlood: flag(data, IFLA_BRPORT_MCAST_FLOOD),
    isolated: flag(data, IFLA_BRPORT_ISOLATED),
  });
}

function options(kind: string, data: Attributes): LinkInfo {
  switch (kind) {
    case 'macvlan':
    case 'macvtap':
      return compact({
        mode: MACVLAN_MODES[u32(data.get(IFLA_MACVLAN_MODE)) ?? 0],
        bcQueueLength: u32(data.get(IFLA_MACVLAN_BC_QUEUE_LEN_USED)),
      });
    case 'ipvlan':
    case 'ipvtap':
      return compact({ mode: IPVLAN_MODES[u16(data.get(IFLA_IPVLAN_MODE)) ?? -1] });
    case 'vlan':
      return compact({ vlanId: u16(data.get(IFLA_VLAN_ID)) });
    case 'bridge':
      return { bridge: bridge(data) };
    default:
      return {};
  }
}

function bridge(data: Attributes): BridgeOptions {
  const snooping = flag(data, IFLA_BR_MCAST_SNOOPING);
  const querier = flag(data, IFLA_BR_MCAST_QUERIER);
  // Absent on a kernel without CONFIG_BRIDGE_IGMP_SNOOPING, which floods.
  return compact({
    snooping: snooping ?? false,
    querier: querier ?? false,
    queryUseIfaddr: flag(data, IFLA_BR_MCAST_QUERY_USE_IFADDR),
    igmpVersion: u8(data.get(IFLA_BR_MCAST_IGMP_VERSION)),
    vlanFiltering: flag(data, IFLA_BR_VLAN_FILTERING),
    groupFwdMask: u16(data.get(IFLA_BR_GROUP_FWD_MASK)),
  });
}

function flag(data: Attributes, type: number): boolean | undefined {
  const value = u8(data.get(type));
  return value === undefined ? undefined : value !== 0;
}
