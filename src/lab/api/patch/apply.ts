/**
 * Server-side apply, as far as one who applies a file again needs it: the file is merged, and what the same manager's file had
 * before and no longer has is removed. There are no conflicts between managers.
 */
import type { Resource } from '../../store/resources.ts';
import { identity } from './element-order.ts';
import { mergeKey } from './merge-keys.ts';
import { mergePatch } from './merge-patch.ts';
import { isMap, type Json, type JsonMap } from './part.ts';
import { strategicMerge } from './strategic-merge.ts';

export class AppliedFiles {
  readonly #files = new Map<string, JsonMap>();

  /** The object as it is after `manager` applied the file. `uid` is the object's. */
  merge(resource: Resource, uid: string, manager: string, object: JsonMap, file: JsonMap): JsonMap {
    const previous = this.#files.get(`${uid}/${manager}`);
    const removal = previous === undefined ? {} : dropped(previous, file, '', resource.custom);
    const merge = resource.custom ? (target: JsonMap, patch: JsonMap) => mergePatch(target, patch) : strategicMerge;
    return merge(merge(object, removal) as JsonMap, file) as JsonMap;
  }

  remember(uid: string, manager: string, file: JsonMap): void {
    this.#files.set(`${uid}/${manager}`, file);
  }

  forget(uid: string): void {
    for (const key of this.#files.keys()) if (key.startsWith(`${uid}/`)) this.#files.delete(key);
  }
}

/** The patch that removes what is in `before` and not in `after`. */
function dropped(before: JsonMap, after: JsonMap, parent: string, custom: boolean): JsonMap {
  const patch: JsonMap = {};
  for (const [field, old] of Object.entries(before)) {
    const now = after[field];
    if (now === undefined) patch[field] = null;
    else if (isMap(old) && isMap(now)) patch[field] = dropped(old, now, field, custom);
    else if (Array.isArray(old) && Array.isArray(now) && !custom) {
      const elements = droppedElements(old, now, mergeKey(parent, field) ?? '', field);
      if (elements.length > 0) patch[field] = elements;
    }
  }
  return patch;
}

function droppedElements(before: readonly Json[], after: readonly Json[], key: string, field: string): Json[] {
  if (key === '') return [];
  return before.filter(isMap).flatMap((old): Json[] => {
    const now = after.find((element) => identity(element, key) === identity(old, key));
    const name = old[key] ?? null;
    if (!isMap(now)) return [{ [key]: name, $patch: 'delete' }];
    return [{ ...dropped(old, now, field, false), [key]: name }];
  });
}
