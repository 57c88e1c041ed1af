/** What every Kubernetes object in a file has, read with care: anybody may have written it. */
import { canonicalAddress, parsePrefix } from '../../model/address.ts';
import { isMulticast } from '../../model/group.ts';
import { isObject, type Json } from '../../model/nad.ts';
import type { ManifestDocument } from './documents.ts';

export interface ManifestObject extends ManifestDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Json;
}

/** The object, or `undefined` for a document that is none. @param namespace where the file names none. */
export function objectOf(document: ManifestDocument, namespace: string): ManifestObject | undefined {
  const { apiVersion, kind } = document.json;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const metadata = mapAt(document.json, 'metadata');
  return {
    ...document,
    apiVersion,
    kind,
    namespace: textIn(metadata.namespace) ?? namespace,
    name: textIn(metadata.name) ?? textIn(metadata.generateName) ?? '',
    labels: textsIn(metadata.labels),
    annotations: textsIn(metadata.annotations),
    spec: mapAt(document.json, 'spec'),
  };
}

/** Kinds without a namespace, of those that are spoken of. */
const CLUSTER_WIDE = /^(Global|Cluster|IPPool$|FelixConfiguration$|Installation$)/;

/** `Service video/rx`. */
export function describeObject({ kind, namespace, name }: ManifestObject): string {
  return CLUSTER_WIDE.test(kind) ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** The map at the path; an empty one where there is none. */
export function mapAt(json: Json, ...path: readonly string[]): Json {
  let value: unknown = json;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  return isObject(value) ? value : {};
}

/** The maps of a list. */
export function mapsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of a map; what is none is left out. */
export function textsIn(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Whether the text is a group, or a prefix that holds nothing but groups. */
export function isGroupOrPrefix(text: string): boolean {
  const prefix = parsePrefix(text);
  const address = prefix?.address ?? canonicalAddress(text);
  if (address === undefined || !isMulticast(address)) return false;
  return prefix === undefined || prefix.length >= (prefix.family === 4 ? 4 : 8);
}
