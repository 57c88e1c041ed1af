/** Interfaces from /sys/class/net, for runtimes that have neither netlink nor iproute2. */
import type { BridgeOptions, Link } from '../../model/netns.ts';
import { compact } from '../compact.ts';
import { withParents } from '../interface-names.ts';
import { linkFlags } from '../link-words.ts';
import { decimal, hexadecimal } from './hex.ts';

/** include/uapi/linux/if.h: carrier is a file of its own here. */
const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;
const IFF_LOWER_UP = 0x1_0000;
const ARPHRD_ETHER = 1;

/**
 * @param files /sys/class/net/NAME/FILE by path: flags, mtu … bridge/*. PROMISC and ALLMULTI are the
 * flags in force here, also those that a macvlan or bridge on top has set; netlink shows those that were asked for by hand.
 */
export function linksFromSys(files: ReadonlyMap<string, string>): Link[] {
  const names = [...files.keys()].flatMap((path) => /^\/sys\/class\/net\/([^/]+)\/ifindex$/.exec(path)?.[1] ?? []);
  return withParents(
    names.flatMap((name) => link(name, (file) => files.get(`/sys/class/net/${name}/${file}`)?.trim()) ?? []),
  );
}

function link(name: string, read: (file: string) => string | undefined): Link | undefined {
  const index = decimal(read('ifindex'));
  const flags = hexadecimal(read('flags')?.replace(/^0x/, ''));
  if (index === undefined || flags === undefined) return undefined;
  const up = (flags & IFF_UP) !== 0 && read('carrier') !== '0';
  const mac = read('address');
  const parentIndex = decimal(read('iflink'));
  return compact({
    index,
    name,
    flags: linkFlags(up ? flags | IFF_RUNNING | IFF_LOWER_UP : flags),
    mtu: decimal(read('mtu')) ?? 0,
    mac: mac !== undefined && /^([0-9a-f]{2}:){5,}[0-9a-f]{2}$/.test(mac) ? mac : undefined,
    operstate: read('operstate') || 'unknown',
    kind: kindOf(read),
    parentIndex: parentIndex === index ? undefined : parentIndex || undefined,
    masterIndex: decimal(read('master/ifindex')),
    bridge: bridge(read),
  });
}

/**
 * DEVTYPE of the uevent is the kind for bridge, vlan, vxlan, bond …; hardware has a device. An Ethernet interface with neither
 * is a veth, macvlan, dummy …, called `unknown` here. (Not by iflink: a veth's peer elsewhere may have the same index.)
 */
function kindOf(read: (file: string) => string | undefined): string | undefined {
  const devtype = /^DEVTYPE=(.+)$/m.exec(read('uevent') ?? '')?.[1];
  if (devtype !== undefined) return devtype === 'wlan' ? undefined : devtype;
  const virtual = decimal(read('type')) === ARPHRD_ETHER && read('device/uevent') === undefined;
  return virtual ? 'unknown' : undefined;
}

function bridge(read: (file: string) => string | undefined): BridgeOptions | undefined {
  const snooping = read('bridge/multicast_snooping');
  if (snooping === undefined) return undefined;
  const flag = (file: string) => {
    const value = decimal(read(`bridge/${file}`));
    return value === undefined ? undefined : value !== 0;
  };
  return compact({
    snooping: snooping !== '0',
    querier: flag('multicast_querier') ?? false,
    queryUseIfaddr: flag('multicast_query_use_ifaddr'),
    igmpVersion: decimal(read('bridge/multicast_igmp_version')),
    vlanFiltering: flag('vlan_filtering'),
    groupFwdMask: hexadecimal(read('bridge/group_fwd_mask')?.replace(/^0x/, '')),
  });
}
