/** What to ask an agent for. The names of dumps and commands are those by which `namespace.ts` finds the answers. */
import type { Command, NetlinkDump, Reads } from '../agent/protocol.ts';

/** Dump requests of rtnetlink(7): RTM_GET* and the length of the body, which is zero but for the family in its first byte. */
const DUMPS = {
  links: { type: 18, length: 16, family: 0 },
  addresses: { type: 22, length: 8, family: 0 },
  routes: { type: 26, length: 12, family: 0 },
  neighbours: { type: 30, length: 12, family: 0 },
  rules: { type: 34, length: 12, family: 0 },
  // struct br_port_msg, PF_BRIDGE.
  mdb: { type: 86, length: 8, family: 7 },
} as const;

export type DumpName = keyof typeof DUMPS;

/** The same by iproute2, for agents that cannot speak netlink. `-N` prints tables, types and protocols as numbers. */
const IPROUTE = {
  'ip-link': ['ip', '-j', '-d', '-s', 'link', 'show'],
  'ip-address': ['ip', '-j', '-d', 'address', 'show'],
  'ip-route4': ['ip', '-4', '-j', '-d', '-N', 'route', 'show', 'table', 'all'],
  'ip-route6': ['ip', '-6', '-j', '-d', '-N', 'route', 'show', 'table', 'all'],
  'ip-rule4': ['ip', '-4', '-j', '-d', '-N', 'rule', 'show'],
  'ip-rule6': ['ip', '-6', '-j', '-d', '-N', 'rule', 'show'],
  'ip-neighbour': ['ip', '-j', 'neighbour', 'show', 'nud', 'all'],
  'bridge-mdb': ['bridge', '-j', 'mdb', 'show'],
} as const;

const FIREWALL = {
  'iptables-save': ['iptables-save', '-c'],
  'ip6tables-save': ['ip6tables-save', '-c'],
  'iptables-legacy-save': ['iptables-legacy-save', '-c'],
  'ip6tables-legacy-save': ['ip6tables-legacy-save', '-c'],
  nft: ['nft', '-j', 'list', 'ruleset'],
} as const;

export type CommandName = keyof typeof IPROUTE | keyof typeof FIREWALL;

/** Names of the commands that list the packet filter. */
export const FIREWALL_COMMANDS: readonly string[] = Object.keys(FIREWALL);

const COUNTER_FILES = ['snmp', 'netstat', 'snmp6', 'udp', 'udp6', 'dev'].map((file) => `/proc/net/${file}`);

const TABLE_FILES = [
  ...['igmp', 'igmp6', 'mcfilter', 'mcfilter6', 'dev_mcast', 'ip_mr_vif', 'ip_mr_cache', 'ip6_mr_vif', 'ip6_mr_cache'],
].map((file) => `/proc/net/${file}`);

/** In place of dumps, where there is neither netlink nor iproute2. */
const FALLBACK_FILES = ['route', 'ipv6_route', 'if_inet6', 'fib_trie'].map((file) => `/proc/net/${file}`);

const SYSCTLS = [
  ...[
    'rp_filter',
    'force_igmp_version',
    'mc_forwarding',
    'accept_local',
    'src_valid_mark',
    'route_localnet',
    'ignore_routes_with_linkdown',
  ].map((name) => `net/ipv4/conf/*/${name}`),
  ...['disable_ipv6', 'force_mld_version', 'mc_forwarding', 'ignore_routes_with_linkdown'].map(
    (name) => `net/ipv6/conf/*/${name}`,
  ),
  ...['igmp_max_memberships', 'igmp_max_msf', 'igmp_link_local_mcast_reports', 'ip_forward'].map(
    (name) => `net/ipv4/${name}`,
  ),
  'net/ipv6/mld_max_msf',
  'net/bridge/bridge-nf-call-*',
  'net/core/rmem_max',
  'net/core/rmem_default',
].map((path) => `/proc/sys/${path}`);

/** `linksFromSys` reads these. */
const SYSFS_LINKS = [
  ...['ifindex', 'iflink', 'flags', 'mtu', 'address', 'operstate', 'type', 'carrier', 'master/ifindex'],
  ...[
    'multicast_snooping',
    'multicast_querier',
    'multicast_query_use_ifaddr',
    'multicast_igmp_version',
    'vlan_filtering',
    'group_fwd_mask',
  ].map((option) => `bridge/${option}`),
].map((file) => `/sys/class/net/*/${file}`);

const SYSFS_DEVICES = ['/sys/class/net/*/uevent', '/sys/class/net/*/device/uevent'];

/** All that can be read of a namespace at once. */
export function namespaceReads(): Reads {
  return {
    files: [...COUNTER_FILES, ...TABLE_FILES, ...SYSCTLS, ...SYSFS_DEVICES],
    netlink: (['links', 'addresses', 'routes', 'rules', 'neighbours', 'mdb'] as const).map(dump),
    commands: commands(FIREWALL),
    owners: true,
    fallback: { files: [...FALLBACK_FILES, ...SYSFS_LINKS], commands: commands(IPROUTE) },
  };
}

/** Interfaces and their addresses alone. */
export function interfaceReads(): Reads {
  return {
    files: [],
    netlink: [dump('links'), dump('addresses')],
    commands: [],
    owners: false,
    fallback: {
      files: [...FALLBACK_FILES, ...SYSFS_LINKS],
      commands: commands({ 'ip-link': IPROUTE['ip-link'], 'ip-address': IPROUTE['ip-address'] }),
    },
  };
}

/** What to read once more after a look, to see what moved: counters, sockets, interfaces, the packet filter. */
export function counterReads(): Reads {
  return {
    files: COUNTER_FILES,
    netlink: [dump('links')],
    commands: commands(FIREWALL),
    owners: false,
    fallback: { files: SYSFS_LINKS, commands: commands({ 'ip-link': IPROUTE['ip-link'] }) },
  };
}

/** Which program a command runs. */
export function programOf(name: CommandName): string {
  return { ...IPROUTE, ...FIREWALL }[name][0];
}

function dump(name: DumpName): NetlinkDump {
  const { type, length, family } = DUMPS[name];
  const body = new Uint8Array(length);
  body[0] = family;
  return { name, protocol: 0, type, body: Buffer.from(body).toString('base64') };
}

/** Where the namespace's own container has not the program, the node may have it. */
function commands(table: Readonly<Record<string, readonly string[]>>): Command[] {
  return Object.entries(table).map(([name, argv]) => ({ name, argv, root: 'either' }));
}
