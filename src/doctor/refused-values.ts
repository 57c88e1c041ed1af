/** Values of an attachment that a CNI plugin refuses, by the plugin's own words, and the configuration without them. */
import { contains } from '../model/address.ts';
import { isObject, type Json, withoutField } from '../model/nad.ts';

export interface RefusedValue {
  /** A sentence part. */
  readonly what: string;
  /** The configuration as the plugin takes it. */
  readonly json: Json;
}

/** What only the cluster can tell. */
export interface Surroundings {
  /** The network that the parent has on the node. */
  readonly subnet: string | undefined;
  /** The configuration with an address that nobody is known to have in place of its pool. */
  readonly withFreeAddress: ((json: Json) => Json) | undefined;
}

/** `undefined` for a message of another kind, and where it cannot be told what would do. */
export function refusedValue(json: Json, message: string, around: Surroundings): RefusedValue | undefined {
  for (const [pattern, mend] of REFUSALS) {
    const match = pattern.exec(message);
    const mended = match === null ? undefined : mend(json, match.slice(1) as string[], around);
    if (mended !== undefined && JSON.stringify(mended.json) !== JSON.stringify(json)) return mended;
  }
  return undefined;
}

type Mend = (json: Json, found: readonly string[], around: Surroundings) => RefusedValue | undefined;

/** The messages are those of github.com/containernetworking/plugins 1.1 to 1.7 and of libcni. */
const REFUSALS: readonly (readonly [RegExp, Mend])[] = [
  [
    /unknown (macvlan|ipvlan) mode:? \\*"([^"\\]*)/,
    (json, [type = '', mode]) => ({
      what: `${type} has no mode "${mode}"`,
      json: plugins(json, (p) => (p.type === type ? { ...p, mode: type === 'ipvlan' ? 'l2' : 'bridge' } : p)),
    }),
  ],
  [
    /invalid MTU (\d+), must be \[0, master MTU\((\d+)\)\]/,
    (json, [asked, most]) => ({
      what: `an MTU of ${asked} is more than the parent’s ${most}`,
      json: plugins(json, (p) => withoutField(p, 'mtu')),
    }),
  ],
  [
    /failed to create ipvlan: operation not supported/,
    (json) => ({
      what: 'the kernel of this node has no ipvlan',
      json: plugins(json, (p) => (p.type === 'ipvlan' ? { ...p, type: 'macvlan', mode: 'bridge' } : p)),
    }),
  ],
  [
    /expected to be in CIDR notation, got: '([\d.]+)'/,
    (json, [address = ''], { subnet }) => ({
      what: `the address ${address} has no prefix length`,
      json: ipam(json, (own) => withPrefix(own, address, subnet)),
    }),
  ],
  [
    /(Range(?:Start|End) \S+ not in network \S+|Network has host bits set|invalid (?:range|subnet)[^:]*: [^:]+)/,
    (json, [what = ''], { withFreeAddress }) =>
      withFreeAddress === undefined
        ? undefined
        : { what: `its pool makes no sense: ${what}`, json: withFreeAddress(json) },
  ],
  [
    /incompatible CNI versions; config is \\*"([^"\\]*)/,
    (json, [version]) => ({
      what: `the plugins know no cniVersion "${version}"`,
      json: { ...json, cniVersion: '0.3.1' },
    }),
  ],
  [
    /failed to add route '\{[^}]*\} via (\S+) dev [^']*': (network is unreachable|gateway, source, and destination)/,
    (json, [gateway = '']) => ({
      what: `the gateway ${gateway} of a route is not on that network`,
      json: ipam(json, (own) => withoutGateway(own, gateway)),
    }),
  ],
  [
    /open \/proc\/sys\/(\S+): no such file or directory/,
    (json, [path = '']) => ({
      what: `there is no sysctl ${path.replaceAll('/', '.')}`,
      json: plugins(json, (p) => withoutSysctl(p, path)),
    }),
  ],
];

function plugins(json: Json, change: (plugin: Json) => Json): Json {
  if (!Array.isArray(json.plugins)) return change(json);
  return { ...json, plugins: json.plugins.map((p) => (isObject(p) ? change(p) : p)) };
}

function ipam(json: Json, change: (ipam: Json) => Json): Json {
  return plugins(json, (p) => (isObject(p.ipam) ? { ...p, ipam: change(p.ipam) } : p));
}

/** The length of the LAN that the address is in, else that of a single address. */
function withPrefix(own: Json, address: string, subnet: string | undefined): Json {
  const length = subnet !== undefined && contains(subnet, address) ? subnet.split('/')[1] : '32';
  const list = Array.isArray(own.addresses) ? own.addresses : [];
  const addresses = list.map((a) =>
    isObject(a) && a.address === address ? { ...a, address: `${address}/${length}` } : a,
  );
  return { ...own, addresses };
}

function withoutGateway(own: Json, gateway: string): Json {
  const list = Array.isArray(own.routes) ? own.routes : [];
  return { ...own, routes: list.map((r) => (isObject(r) && r.gw === gateway ? { ...r, gw: '0.0.0.0' } : r)) };
}

/** sysctls are written with dots, or with slashes. */
function withoutSysctl(plugin: Json, path: string): Json {
  if (!isObject(plugin.sysctl)) return plugin;
  const kept = Object.entries(plugin.sysctl).filter(([name]) => name.replaceAll('.', '/') !== path);
  return { ...plugin, sysctl: Object.fromEntries(kept) };
}
