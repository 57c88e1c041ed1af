/** Network configurations of CNI (spec 0.3.1 to 1.0, §1), and the plugins' results, as JSON. */
import { isObject, type Json } from '../../model/nad.ts';
import { goTypeOf, parseGoJson } from './go-json.ts';

/** A chain of plugins that makes one interface. */
export interface NetworkConfig {
  readonly name: string;
  readonly cniVersion: string;
  /** As written, in the order of the chain. */
  readonly plugins: readonly Json[];
  /** Written as a list (`plugins`), not as a single plugin: errors of lists name the plugin. */
  readonly isList: boolean;
}

/** What a plugin printed after ADD. `ip4`/`ip6` are of version 0.2.0 and older. */
export interface CniResult {
  readonly interfaces?: readonly { readonly name?: string; readonly mac?: string; readonly sandbox?: string }[];
  readonly ips?: readonly { readonly address?: string; readonly gateway?: string }[];
  readonly routes?: readonly { readonly dst?: string; readonly gw?: string }[];
  readonly dns?: Json;
  readonly ip4?: { readonly ip?: string; readonly gateway?: string };
  readonly ip6?: { readonly ip?: string; readonly gateway?: string };
}

/** Reads a configuration as a runtime loads it from a file. Throws in libcni's words. */
export function parseConfig(text: string): NetworkConfig {
  const json = parsed(text);
  return json.plugins === undefined ? singleConfig(json) : listConfig(json);
}

/** A result's addresses with prefix length, of all versions of the specification. */
export function addressesOf(result: CniResult): string[] {
  const old = [result.ip4?.ip, result.ip6?.ip];
  return [...(result.ips ?? []).map((ip) => ip.address), ...old].filter((address) => address !== undefined);
}

function parsed(text: string): Json {
  let json: unknown;
  try {
    json = parseGoJson(text);
  } catch (error) {
    throw new Error(`error parsing configuration: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (isObject(json)) return json;
  throw new Error(
    `error parsing configuration: json: cannot unmarshal ${goTypeOf(json)} into Go value of type types.PluginConf`,
  );
}

function singleConfig(json: Json): NetworkConfig {
  if (typeof json.type !== 'string' || json.type === '') throw new Error("error parsing configuration: missing 'type'");
  return { name: textOf(json.name), cniVersion: textOf(json.cniVersion), plugins: [json], isList: false };
}

function listConfig(json: Json): NetworkConfig {
  const failed = (why: string) => new Error(`error parsing configuration list: ${why}`);
  if (typeof json.name !== 'string') throw failed('no name');
  if (!Array.isArray(json.plugins)) throw failed("invalid 'plugins' type");
  if (json.plugins.length === 0) throw failed('no plugins in list');
  const plugins = json.plugins.filter(isObject);
  plugins.forEach((plugin, i) => {
    if (textOf(plugin.type) === '') {
      throw new Error(`failed to parse plugin config ${i}: error parsing configuration: missing 'type'`);
    }
  });
  return { name: json.name, cniVersion: textOf(json.cniVersion), plugins, isList: true };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
