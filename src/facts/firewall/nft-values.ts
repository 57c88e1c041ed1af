/** Right-hand sides of nft expressions (libnftables-json(5)): values, ranges, sets by name or in place. */

/** One value: a word or a number as text, or a range of two. */
export type Value = { readonly text: string } | { readonly first: string; readonly last: string };

/** Elements of named sets and maps: `FAMILY TABLE NAME`. */
export type NamedSets = ReadonlyMap<string, readonly unknown[]>;

/** The values, or `undefined` when a part of them is not understood (concatenations, variables, sets that are not listed). */
export function valuesOf(right: unknown, sets: NamedSets, scope: string): readonly Value[] | undefined {
  if (typeof right === 'string' && right.startsWith('@'))
    return all(sets.get(`${scope} ${right.slice(1)}`), sets, scope);
  if (typeof right === 'string' || typeof right === 'number') return [{ text: String(right) }];
  if (Array.isArray(right)) return all(right, sets, scope);
  const object = record(right);
  if (object === undefined) return undefined;
  if (Array.isArray(object.set)) return all(object.set, sets, scope);
  const element = record(object.elem);
  if (element !== undefined) return valuesOf(element.val, sets, scope);
  const prefix = record(object.prefix);
  if (prefix !== undefined && typeof prefix.addr === 'string')
    return [{ text: `${prefix.addr}/${String(prefix.len)}` }];
  const [first, last] = Array.isArray(object.range) ? object.range : [];
  return first === undefined || last === undefined ? undefined : [{ first: String(first), last: String(last) }];
}

function all(list: readonly unknown[] | undefined, sets: NamedSets, scope: string): readonly Value[] | undefined {
  const read = list?.map((item) => valuesOf(item, sets, scope));
  return read?.every((values) => values !== undefined) ? read.flat() : undefined;
}

/** A JSON object; `undefined` for anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
