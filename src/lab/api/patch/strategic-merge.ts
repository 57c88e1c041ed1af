/**
 * Strategic merge patch: lists are merged by key, directives say more (`$patch`, `$retainKeys`, `$setElementOrder/F`,
 * `$deleteFromPrimitiveList/F`). After apimachinery/pkg/util/strategicpatch; the results were compared with Kubernetes 1.34.
 */
import { StatusError } from '../../store.ts';
import { identity, inOrder } from './element-order.ts';
import { mergeKey } from './merge-keys.ts';
import { isMap, type Json, type JsonMap } from './part.ts';

const ORDER = '$setElementOrder/';
const REMOVE = '$deleteFromPrimitiveList/';
const RETAIN = '$retainKeys';
const PATCH = '$patch';

/** Changes neither argument. Throws StatusError 500, as the API server does, for a list's element without its key and an unknown directive. */
export function strategicMerge(target: JsonMap, patch: JsonMap): JsonMap {
  return mergeMaps(target, patch, '');
}

function mergeMaps(target: JsonMap, patch: JsonMap, parent: string): JsonMap {
  const directive = patch[PATCH];
  if (directive === 'replace') return plain(without(patch, PATCH)) as JsonMap;
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') throw unknownDirective(patch);
  const merged = retained(target, patch[RETAIN]);
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith(REMOVE)) removeWords(merged, field.slice(REMOVE.length), value);
  }
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) continue;
    if (value === null) delete merged[field];
    else merged[field] = mergeValues(merged[field], value, parent, field);
  }
  for (const [field, order] of Object.entries(patch)) {
    if (!field.startsWith(ORDER) || !Array.isArray(order)) continue;
    const name = field.slice(ORDER.length);
    const list = merged[name];
    const before = target[name];
    const key = mergeKey(parent, name);
    if (!Array.isArray(list) || key === undefined) continue;
    merged[name] = inOrder(list, order, Array.isArray(before) ? before : [], key);
  }
  return merged;
}

function mergeValues(before: Json | undefined, value: Json, parent: string, field: string): Json {
  if (isMap(value)) return mergeMaps(isMap(before) ? before : {}, value, field);
  if (!Array.isArray(value)) return value;
  const key = mergeKey(parent, field);
  if (key === undefined) return plain(value);
  return key === '' ? mergeSets(asList(before), value) : mergeLists(asList(before), value, key, field);
}

function mergeSets(before: readonly Json[], words: readonly Json[]): Json[] {
  const merged = [...before, ...words].filter((word, at, all) => all.indexOf(word) === at);
  return inOrder(merged, words, before, '');
}

function mergeLists(before: readonly Json[], patch: readonly Json[], key: string, field: string): Json[] {
  const directives = patch.filter((element): element is JsonMap => isMap(element) && element[PATCH] !== undefined);
  const elements = patch.filter((element) => !isMap(element) || element[PATCH] === undefined);
  if (directives.some((element) => element[PATCH] === 'replace')) return elements.map(plain);
  for (const element of directives) if (element[PATCH] !== 'delete') throw unknownDirective(element);
  const gone = new Set(directives.map((element) => identity(element, key)));
  const merged = before.filter((element) => !gone.has(identity(element, key)));
  for (const element of elements) {
    if (!isMap(element) || element[key] === undefined) throw withoutKey(element, key);
    const at = merged.findIndex((present) => identity(present, key) === identity(element, key));
    const present = merged[at];
    if (isMap(present)) merged[at] = mergeMaps(present, element, field);
    else merged.push(mergeMaps({}, element, field));
  }
  return inOrder(merged, elements, before, key);
}

/** Only the fields that are named stay. */
function retained(target: JsonMap, names: Json | undefined): JsonMap {
  if (!Array.isArray(names)) return { ...target };
  return Object.fromEntries(Object.entries(target).filter(([field]) => names.includes(field)));
}

function removeWords(target: JsonMap, field: string, words: Json): void {
  const list = target[field];
  if (Array.isArray(list) && Array.isArray(words)) target[field] = list.filter((word) => !words.includes(word));
}

/** What a patch says where nothing was: without directives and nulls. */
function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  return isMap(value) ? mergeMaps({}, value, '-') : value;
}

function without(map: JsonMap, field: string): JsonMap {
  const { [field]: _, ...rest } = map;
  return rest;
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function unknownDirective(map: JsonMap): StatusError {
  return new StatusError(500, '', `unknown patch type: ${map[PATCH]} in map: ${goMap(map)}`);
}

function withoutKey(element: Json, key: string): StatusError {
  return new StatusError(500, '', `map: ${goMap(element)} does not contain declared merge key: ${key}`);
}

/** As Go prints it. */
function goMap(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`;
  if (!isMap(value)) return String(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${fields.map(([field, inner]) => `${field}:${goMap(inner)}`).join(' ')}]`;
}
