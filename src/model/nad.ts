/**
 * NetworkAttachmentDefinitions and the annotations that name them, as the Kubernetes Network Custom Resource Definition
 * De-facto Standard (v1.3) and the CNI specification (1.1) write them.
 */
export const NETWORKS_ANNOTATION = 'k8s.v1.cni.cncf.io/networks';
export const STATUS_ANNOTATION = 'k8s.v1.cni.cncf.io/network-status';

/** One entry of the networks annotation. */
export interface NetworkSelection {
  readonly namespace: string;
  readonly name: string;
  /** The interface it becomes in the pod: as asked for, else net1, net2 … by position. */
  readonly interface: string;
  readonly ips?: readonly string[];
  readonly mac?: string;
}

/** One entry of the network-status annotation, which the meta-plugin writes when it attached the networks. */
export interface NetworkStatus {
  readonly name: string;
  readonly interface?: string;
  readonly ips: readonly string[];
  readonly mac?: string;
  readonly default: boolean;
}

/**
 * Reads the networks annotation, in both forms: `[ns/]name[@interface], …` and a JSON list.
 * @returns a sentence part that says what is wrong, when it has neither form.
 */
export function parseNetworks(annotation: string, podNamespace: string): NetworkSelection[] | string {
  const text = annotation.trim();
  if (text === '') return [];
  if (!text.startsWith('[')) return text.split(',').map((item, i) => shortForm(item.trim(), podNamespace, i));
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return 'the JSON is not a list';
    return list.map((item, i) => longForm(item, podNamespace, i));
  } catch (error) {
    return `invalid JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function shortForm(item: string, podNamespace: string, position: number): NetworkSelection {
  const [path = '', ifname] = item.split('@');
  const slash = path.indexOf('/');
  return {
    namespace: slash < 0 ? podNamespace : path.slice(0, slash),
    name: path.slice(slash + 1),
    interface: ifname ?? `net${position + 1}`,
  };
}

function longForm(item: unknown, podNamespace: string, position: number): NetworkSelection {
  const fields = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
  const ips = Array.isArray(fields.ips) ? fields.ips.filter((ip) => typeof ip === 'string') : undefined;
  return {
    namespace: text(fields.namespace) ?? podNamespace,
    name: text(fields.name) ?? '',
    interface: text(fields.interface) ?? `net${position + 1}`,
    ...(ips === undefined ? {} : { ips }),
    ...(text(fields.mac) === undefined ? {} : { mac: text(fields.mac)! }),
  };
}

/** Reads the network-status annotation; anything that is not a list of objects gives an empty list. */
export function parseStatus(annotation: string): NetworkStatus[] {
  try {
    const list: unknown = JSON.parse(annotation);
    if (!Array.isArray(list)) return [];
    return list
      .filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null)
      .map((item) => ({
        name: text(item.name) ?? '',
        ...(text(item.interface) === undefined ? {} : { interface: text(item.interface)! }),
        ips: Array.isArray(item.ips) ? item.ips.filter((ip): ip is string => typeof ip === 'string') : [],
        ...(text(item.mac) === undefined ? {} : { mac: text(item.mac)!.toLowerCase() }),
        default: item.default === true,
      }));
  } catch {
    return [];
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** JSON as it stands in an attachment: kept whole, so that the fields kmcast does not know survive a fix. */
export type Json = { [key: string]: unknown };

/** A route of an IPAM configuration. `dst` is as written, right or wrong. */
export interface NadRoute {
  readonly dst: string;
  readonly gw?: string;
}

/** What kmcast reads of an attachment's configuration. */
export interface NadConfig {
  readonly json: Json;
  /** The plugin that makes the interface: the first of the chain. */
  readonly type: string;
  readonly master?: string;
  readonly mode?: string;
  readonly ipamType?: string;
  /** Subnets that addresses come from. */
  readonly subnets: readonly string[];
  /** `ipam.gateway` or that of a range or address. */
  readonly gateway?: string;
  readonly routes: readonly NadRoute[];
  /** Routes that stand beside `ipam`, where no plugin reads them. */
  readonly misplacedRoutes: readonly NadRoute[];
  /** Types of all plugins of the chain. */
  readonly chain: readonly string[];
}

/** Reads an attachment's configuration, single or list. @returns a sentence part that says what is wrong. */
export function parseNadConfig(config: string): NadConfig | string {
  let json: unknown;
  try {
    json = JSON.parse(config);
  } catch (error) {
    return `invalid JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (!isObject(json)) return 'the configuration is not a JSON object';
  const plugins = Array.isArray(json.plugins) ? json.plugins.filter(isObject) : [json];
  const main = plugins[0];
  if (main === undefined) return 'the list of plugins is empty';
  if (text(main.type) === undefined) return 'no plugin type is named';
  const ipam = isObject(main.ipam) ? main.ipam : {};
  const gateway = text(ipam.gateway) ?? firstGateway(ipam);
  return {
    json,
    type: text(main.type)!,
    ...(text(main.master) === undefined ? {} : { master: text(main.master)! }),
    ...(text(main.mode) === undefined ? {} : { mode: text(main.mode)! }),
    ...(text(ipam.type) === undefined ? {} : { ipamType: text(ipam.type)! }),
    subnets: subnetsOf(ipam),
    ...(gateway === undefined ? {} : { gateway }),
    routes: routesIn(ipam.routes),
    misplacedRoutes: [...new Set([json, main])].flatMap((place) => routesIn(place.routes)),
    chain: plugins.map((plugin) => text(plugin.type) ?? ''),
  };
}

/** Whether the value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object but for one field. */
export function withoutField(json: Json, key: string): Json {
  return Object.fromEntries(Object.entries(json).filter(([name]) => name !== key));
}

function routesIn(value: unknown): NadRoute[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isObject)
    .map((route) => ({ dst: text(route.dst) ?? '', ...(text(route.gw) === undefined ? {} : { gw: text(route.gw)! }) }));
}

/** Every place of an IPAM configuration that gives addresses out: host-local's and whereabouts' ranges, static addresses, and itself. */
export function ipamRanges(ipam: Json): Json[] {
  const sets = Array.isArray(ipam.ranges) ? ipam.ranges.flat() : [];
  const whereabouts = Array.isArray(ipam.ipRanges) ? ipam.ipRanges : [];
  const addresses = Array.isArray(ipam.addresses) ? ipam.addresses : [];
  return [ipam, ...sets, ...whereabouts, ...addresses].filter(isObject);
}

function firstGateway(ipam: Json): string | undefined {
  return ipamRanges(ipam)
    .map((range) => text(range.gateway))
    .find((gateway) => gateway !== undefined);
}

function subnetsOf(ipam: Json): string[] {
  return ipamRanges(ipam)
    .map((range) => text(range.subnet) ?? text(range.range)?.replace(/^.*-/, '') ?? text(range.address))
    .filter((subnet) => subnet !== undefined);
}
