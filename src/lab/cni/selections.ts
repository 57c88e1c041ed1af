/** The annotation k8s.v1.cni.cncf.io/networks as Multus reads it (multi-network specification v1.3 §4.1), with its refusals. */
import { isIP } from 'node:net';
import { isObject, type Json } from '../../model/nad.ts';
import { goTypeOf, parseGoJson } from './go-json.ts';

export interface Selection {
  readonly name: string;
  readonly namespace: string;
  readonly interface?: string;
  /** With or without a prefix length. */
  readonly ips?: readonly string[];
  readonly mac?: string;
  /** Gateways of a default route that leaves eth0 for this interface. */
  readonly defaultRoute?: readonly string[];
  readonly cniArgs?: Json;
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const MAC = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i;
const PARSE = 'parsePodNetworkAnnotation: ';
const OBJECT_NAME = `${PARSE}parsePodNetworkObjectName: `;

/** Reads both forms, `[namespace/]name[@interface], …` and a JSON list. Throws in Multus' words. */
export function parseSelections(annotation: string, namespace: string): Selection[] {
  if (annotation === '') return [];
  const selections = /[[{"]/.test(annotation)
    ? fromJson(annotation, namespace)
    : annotation.split(',').map((item) => shortForm(item.trim(), namespace));
  for (const selection of selections) check(selection);
  return selections;
}

function shortForm(item: string, podNamespace: string): Selection {
  const path = item.split('/');
  if (path.length > 2) throw new Error(`${OBJECT_NAME}Invalid network object (failed at '/')`);
  const namespace = path.length === 2 ? (path[0] ?? '').trim() : '';
  const parts = (path.at(-1) ?? '').split('@');
  if (parts.length > 2) throw new Error(`${OBJECT_NAME}Invalid network object (failed at '@')`);
  const [name = '', ifname = ''] = parts.map((part) => part.trim());
  for (const label of [namespace, name]) {
    if (label !== '' && !LABEL.test(label)) {
      throw new Error(
        `${OBJECT_NAME}Failed to parse: one or more items did not match comma-delimited format (must consist of lower case alphanumeric characters). Must start and end with an alphanumeric character), mismatch @ '${label}'`,
      );
    }
  }
  if (ifname.length > 15 || /[\s/]/.test(ifname)) {
    throw new Error(
      `${OBJECT_NAME}Failed to parse interface name: must be less than 15 chars and not contain '/' or spaces. interface name '${ifname}'`,
    );
  }
  return { name, namespace: namespace || podNamespace, ...(ifname === '' ? {} : { interface: ifname }) };
}

function fromJson(annotation: string, podNamespace: string): Selection[] {
  try {
    const json = parseGoJson(annotation);
    if (!Array.isArray(json)) throw new Error(mismatch(json, 'value of type []*types.NetworkSelectionElement'));
    return json.map((item) => longForm(item, podNamespace));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${PARSE}failed to parse pod Network Attachment Selection Annotation JSON format: ${why}`);
  }
}

function longForm(item: unknown, podNamespace: string): Selection {
  if (!isObject(item)) throw new Error(mismatch(item, 'value of type types.NetworkSelectionElement'));
  const ifname = text(item, 'interface') || text(item, 'interfaceRequest');
  const ips = texts(item, 'ips', '[]string');
  const mac = text(item, 'mac');
  const defaultRoute = texts(item, 'default-route', '[]net.IP');
  return {
    name: text(item, 'name'),
    namespace: text(item, 'namespace') || podNamespace,
    ...(ifname === '' ? {} : { interface: ifname }),
    ...(ips === undefined ? {} : { ips }),
    ...(mac === '' ? {} : { mac }),
    ...(defaultRoute === undefined ? {} : { defaultRoute }),
    ...(isObject(item['cni-args']) ? { cniArgs: item['cni-args'] } : {}),
  };
}

function text(item: Json, key: string): string {
  const value = item[key] ?? '';
  if (typeof value !== 'string') throw new Error(mismatch(value, field(key, 'string')));
  return value;
}

function texts(item: Json, key: string, type: string): string[] | undefined {
  const value = item[key] ?? undefined;
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new Error(mismatch(value, field(key, type)));
  for (const entry of value) if (typeof entry !== 'string') throw new Error(mismatch(entry, field(key, type.slice(2))));
  return value;
}

function field(key: string, type: string): string {
  return `struct field NetworkSelectionElement.${key} of type ${type}`;
}

function mismatch(value: unknown, target: string): string {
  return `json: cannot unmarshal ${goTypeOf(value)} into Go ${target}`;
}

function check(selection: Selection): void {
  if (selection.mac !== undefined && !MAC.test(selection.mac)) {
    throw new Error(`${PARSE}failed to mac: address ${selection.mac}: invalid MAC address`);
  }
  for (const ip of selection.ips ?? []) {
    const [address = '', length] = ip.split('/');
    const bits = isIP(address) === 4 ? 32 : 128;
    const sound = isIP(address) !== 0 && (length === undefined || (/^\d+$/.test(length) && Number(length) <= bits));
    if (sound) continue;
    throw new Error(
      length === undefined
        ? `failed to parse IP address "${ip}"`
        : `failed to parse CIDR "${ip}": invalid CIDR address: ${ip}`,
    );
  }
  for (const gateway of selection.defaultRoute ?? []) {
    if (isIP(gateway) === 0) {
      throw new Error(
        `${PARSE}failed to parse pod Network Attachment Selection Annotation JSON format: invalid IP address: ${gateway}`,
      );
    }
  }
}
