/**
 * What kmcast knows of one network namespace, in Linux' own words. Addresses are canonical text (RFC 5952 for
 * IPv6), MACs lower-case with colons. The types are filled by parsers in `src/facts/` from netlink dumps, `ip -j`,
 * `/proc` and firewall listings, and read by the rules.
 */
import type { Fact } from './fact.ts';
import type { MdbEntry, MulticastRouting } from './multicast-routing.ts';
import type { Firewall } from './packet-filter.ts';

/** 4 or 6. */
export type Family = 4 | 6;

/** A network interface (rtnetlink(7) RTM_NEWLINK, `ip -d link`). */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** Flags as iproute2 prints them: UP, LOWER_UP, BROADCAST, MULTICAST, NO-CARRIER, PROMISC, ALLMULTI, LOOPBACK … */
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly mac?: string;
  /** RFC 2863 state in lower case: up, down, lowerlayerdown, unknown … */
  readonly operstate: string;
  /** IFLA_INFO_KIND: macvlan, ipvlan, veth, bridge, vxlan, vlan …; absent for hardware. */
  readonly kind?: string;
  /** macvlan: bridge, private, vepa, passthru, source; ipvlan: l2, l3, l3s. */
  readonly mode?: string;
  /** IFLA_LINK: index of the parent (macvlan, ipvlan, vlan) or peer (veth), in `parentNetns` when that is set. */
  readonly parentIndex?: number;
  /** The parent's name, when it is in the same namespace. */
  readonly parent?: string;
  /** IFLA_LINK_NETNSID: the parent or peer is in another namespace. */
  readonly parentNetns?: number;
  /** Index of the bridge, bond or VRF that this is a port of (IFLA_MASTER). */
  readonly masterIndex?: number;
  /** What it may do as a port of a bridge. */
  readonly port?: BridgePort;
  readonly vlanId?: number;
  /** Bridge options, for kind bridge. */
  readonly bridge?: BridgeOptions;
  /** macvlan's queue for broadcast and multicast (IFLA_MACVLAN_BC_QUEUE_LEN_USED). */
  readonly bcQueueLength?: number;
  /** Kernel driver of hardware (virtio_net, vmxnet3, ena, mlx5_core …), where sysfs could be read. */
  readonly driver?: string;
  /** Wi-Fi. */
  readonly wireless?: boolean;
  readonly stats?: LinkStats;
}

/** Multicast options of a bridge (IFLA_BR_*, docs.kernel.org/networking/bridge.html). */
export interface BridgeOptions {
  readonly snooping: boolean;
  readonly querier: boolean;
  readonly queryUseIfaddr?: boolean;
  readonly igmpVersion?: number;
  readonly vlanFiltering?: boolean;
  readonly groupFwdMask?: number;
}

/** Settings of a bridge's port that bear on multicast (IFLA_BRPORT_*, bridge(8)). */
export interface BridgePort {
  /** Of the spanning tree: disabled, listening, learning, forwarding, blocking. Only a forwarding one passes data. */
  readonly state: string;
  /** Whether groups that nobody is known to have joined are flooded to it. */
  readonly multicastFlood?: boolean;
  /** It exchanges nothing with other isolated ports. */
  readonly isolated?: boolean;
}

/** Counters of an interface (IFLA_STATS64), in packets. */
export interface LinkStats {
  readonly rxPackets: number;
  readonly txPackets: number;
  readonly rxDropped: number;
  readonly rxErrors: number;
  readonly txDropped: number;
  readonly txErrors: number;
  readonly multicast: number;
}

/** An address of an interface (RTM_NEWADDR). */
export interface Address {
  readonly family: Family;
  readonly interface: string;
  readonly address: string;
  readonly prefixLength: number;
  /** global, link, host, site or a number's text. */
  readonly scope: string;
}

/** Route types that matter here, as iproute2 names them. */
export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'multicast'
  | 'anycast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'nat'
  | 'xresolve';

/** One way out of a route. */
export interface NextHop {
  readonly interface?: string;
  readonly gateway?: string;
  readonly weight?: number;
  /** RTNH_F_*: dead, linkdown, onlink, pervasive. */
  readonly flags?: readonly string[];
}

/** A route (RTM_NEWROUTE). `destination` is a prefix, `0.0.0.0/0` and `::/0` for default. */
export interface Route {
  readonly family: Family;
  readonly destination: string;
  readonly table: number;
  readonly type: RouteType;
  /** universe (global), site, link, host, nowhere. */
  readonly scope: string;
  readonly protocol?: string;
  /** Priority; 0 for IPv4 when not set, 1024 is IPv6's own default and appears as such. */
  readonly metric: number;
  readonly preferredSource?: string;
  readonly tos?: number;
  /** IPv6 source-specific routes (`from`). */
  readonly source?: string;
  /** IPv6 router preference (RFC 4191): 1 high, 0 medium, 3 low (as ICMPV6_ROUTER_PREF_*). */
  readonly preference?: number;
  readonly nextHops: readonly NextHop[];
}

/** A policy rule (RTM_NEWRULE, `ip rule`). */
export interface PolicyRule {
  readonly family: Family;
  readonly priority: number;
  readonly source?: string;
  readonly destination?: string;
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  readonly mark?: number;
  readonly markMask?: number;
  readonly tos?: number;
  readonly invert?: boolean;
  /** IP protocol number. */
  readonly protocol?: number;
  readonly sourcePorts?: readonly [number, number];
  readonly destinationPorts?: readonly [number, number];
  /** UID range of the socket's owner, inclusive. */
  readonly uids?: readonly [number, number];
  readonly action: 'lookup' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit';
  readonly table?: number;
  /** Priority of the rule that `goto` names. */
  readonly target?: number;
  /** Routes with a prefix of this length or shorter are ignored. */
  readonly suppressPrefixLength?: number;
  readonly suppressInterfaceGroup?: number;
}

/** A neighbour (RTM_NEWNEIGH). */
export interface Neighbour {
  readonly family: Family;
  readonly interface: string;
  readonly address: string;
  readonly mac?: string;
  /** reachable, stale, delay, probe, failed, incomplete, permanent, noarp. */
  readonly state: string;
}

/** A group that a socket of the namespace is a member of, at IP level (`/proc/net/igmp`, `/proc/net/igmp6`). */
export interface Membership {
  readonly family: Family;
  readonly interface: string;
  readonly group: string;
  /** Number of sockets that joined. */
  readonly users: number;
  /** IGMP version spoken on that interface: V1, V2, V3 (IPv4 only). */
  readonly querierVersion?: string;
}

/** A source filter of a membership (`/proc/net/mcfilter`, `/proc/net/mcfilter6`): how many sockets include and exclude it. */
export interface SourceFilter {
  readonly family: Family;
  readonly interface: string;
  readonly group: string;
  readonly source: string;
  readonly include: number;
  readonly exclude: number;
}

/** A link-layer address that an interface listens to (`/proc/net/dev_mcast`). */
export interface LinkGroup {
  readonly interface: string;
  readonly mac: string;
  readonly users: number;
  /** Entries added by hand (`ip maddr add`) count as global users. */
  readonly globalUsers: number;
}

/** A UDP socket (`/proc/net/udp`, `/proc/net/udp6`). */
export interface UdpSocket {
  readonly family: Family;
  /** `0.0.0.0` or `::` when bound to any. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly uid: number;
  readonly inode: number;
  /** Bytes waiting. */
  readonly receiveQueue: number;
  /** Datagrams dropped by this socket (buffer full, checksum). */
  readonly drops: number;
  /** Its process, where it could be read. */
  readonly owner?: { readonly pid: number; readonly command: string };
}

/**
 * Counters by name as the kernel prints them, group and counter joined by a dot: `Ip.ReasmFails`, `Udp.RcvbufErrors`,
 * `TcpExt.IPReversePathFilter`, `IpExt.InMcastPkts`, `Ip6.Ip6InMcastPkts` (`/proc/net/snmp`, `/proc/net/netstat`, `/proc/net/snmp6`).
 */
export type Counters = Readonly<Record<string, number>>;

/** Everything read of one network namespace at one moment. */
export interface NetnsFacts {
  readonly links: Fact<readonly Link[]>;
  readonly addresses: Fact<readonly Address[]>;
  readonly routes: Fact<readonly Route[]>;
  readonly rules: Fact<readonly PolicyRule[]>;
  readonly neighbours: Fact<readonly Neighbour[]>;
  readonly memberships: Fact<readonly Membership[]>;
  readonly sourceFilters: Fact<readonly SourceFilter[]>;
  readonly linkGroups: Fact<readonly LinkGroup[]>;
  readonly sockets: Fact<readonly UdpSocket[]>;
  readonly counters: Fact<Counters>;
  readonly multicastRouting: Fact<MulticastRouting>;
  readonly mdb: Fact<readonly MdbEntry[]>;
  /** By dotted name with the interface as it is: `net.ipv4.conf.net1.rp_filter`. */
  readonly sysctls: Fact<Readonly<Record<string, string>>>;
  readonly firewall: Fact<Firewall>;
}
