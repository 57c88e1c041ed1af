/** A tree of settings as a flat list, by dotted names. */
import { isObject } from '../../model/nad.ts';

export interface Leaf {
  readonly path: readonly (string | number)[];
  readonly value: string | number | boolean;
}

/** Deeper is no configuration any more. */
const DEEPEST = 20;

/** Texts, numbers and switches of a tree, in its order. */
export function leavesOf(tree: unknown, path: Leaf['path'] = []): Leaf[] {
  if (path.length > DEEPEST) return [];
  if (Array.isArray(tree)) return tree.flatMap((item, i) => leavesOf(item, [...path, i]));
  if (isObject(tree)) return Object.entries(tree).flatMap(([key, value]) => leavesOf(value, [...path, key]));
  return typeof tree === 'string' || typeof tree === 'number' || typeof tree === 'boolean'
    ? [{ path, value: tree }]
    : [];
}
