/** The order of merged lists (apimachinery/pkg/util/strategicpatch, normalizeElementOrder). */
import { isMap, type Json } from './part.ts';

/** What tells an element: the value under the merge key, or itself in a list of words. */
export function identity(element: Json, key: string): string {
  return JSON.stringify(key === '' ? element : isMap(element) ? element[key] : undefined) ?? '';
}

/**
 * The elements that `order` names are put in its order; between them those that only the server has keep their places as they
 * were in `before`.
 */
export function inOrder(merged: readonly Json[], order: readonly Json[], before: readonly Json[], key: string): Json[] {
  const ordered = positions(order, key);
  const served = positions(before, key);
  const position = (element: Json, of: ReadonlyMap<string, number>) => of.get(identity(element, key));
  const named = merged.filter((element) => position(element, ordered) !== undefined);
  const others = merged.filter((element) => position(element, ordered) === undefined);
  named.sort((a, b) => position(a, ordered)! - position(b, ordered)!);
  const all: Json[] = [];
  while (others.length > 0 && named.length > 0) {
    const other = position(others[0]!, served);
    const next = position(named[0]!, served);
    const first = other !== undefined && next !== undefined && other < next ? others : named;
    all.push(first.shift()!);
  }
  return [...all, ...others, ...named];
}

function positions(elements: readonly Json[], key: string): ReadonlyMap<string, number> {
  return new Map(elements.map((element, at) => [identity(element, key), at]));
}
