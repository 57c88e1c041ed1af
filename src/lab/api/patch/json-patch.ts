import { isDeepStrictEqual } from 'node:util';
import { badRequest } from '../../store/errors.ts';
import { StatusError } from '../../store.ts';
import { isMap, type Json } from './part.ts';

/**
 * JSON Patch (RFC 6902) on a copy of the target. Throws StatusError 400 for what is no patch, 422 where it does not fit:
 * the API server says no more of it than that. As there, `replace` of a field that is absent adds it.
 */
export function jsonPatch(target: Json, patch: unknown): Json {
  if (!Array.isArray(patch)) {
    const type = isMap(patch) ? 'object' : typeof patch;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${type} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  const holder = { root: structuredClone(target) };
  for (const operation of patch) apply(holder, operation);
  return holder.root;
}

interface Holder {
  root: Json;
}

function apply(holder: Holder, operation: unknown): void {
  if (!isMap(operation) || typeof operation.path !== 'string') throw unfit();
  const path = pointer(operation.path);
  switch (operation.op) {
    case 'test':
      if (!isDeepStrictEqual(read(holder, path), operation.value)) throw unfit();
      return;
    case 'remove':
      take(holder, path);
      return;
    case 'add':
    case 'replace':
      if (operation.value === undefined) throw unfit();
      if (operation.op === 'replace') replace(holder, path, operation.value);
      else add(holder, path, structuredClone(operation.value));
      return;
    case 'copy':
      add(holder, path, structuredClone(read(holder, pointer(operation.from))));
      return;
    case 'move':
      add(holder, path, take(holder, pointer(operation.from)));
      return;
    default:
      throw unfit();
  }
}

/** JSON Pointer (RFC 6901). */
function pointer(text: Json | undefined): string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/'))) throw unfit();
  return text
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(holder: Holder, path: readonly string[]): Json {
  let at: Json | undefined = holder.root;
  for (const token of path) {
    at = Array.isArray(at)
      ? at[indexOf(token, at.length - 1)]
      : isMap(at) && Object.hasOwn(at, token)
        ? at[token]
        : undefined;
    if (at === undefined) throw unfit();
  }
  return at;
}

function add(holder: Holder, path: readonly string[], value: Json): void {
  const { parent, last } = split(holder, path);
  if (parent === undefined) holder.root = value;
  else if (Array.isArray(parent)) parent.splice(last === '-' ? parent.length : indexOf(last, parent.length), 0, value);
  else parent[last] = value;
}

function replace(holder: Holder, path: readonly string[], value: Json): void {
  const { parent, last } = split(holder, path);
  if (parent === undefined) holder.root = value;
  else if (Array.isArray(parent)) parent[indexOf(last, parent.length - 1)] = value;
  else parent[last] = value;
}

function take(holder: Holder, path: readonly string[]): Json {
  const { parent, last } = split(holder, path);
  const value = read(holder, path);
  if (parent === undefined) throw unfit();
  if (Array.isArray(parent)) parent.splice(indexOf(last, parent.length - 1), 1);
  else delete parent[last];
  return value;
}

function split(holder: Holder, path: readonly string[]) {
  const last = path.at(-1);
  if (last === undefined) return { parent: undefined, last: '' };
  const parent = read(holder, path.slice(0, -1));
  if (!Array.isArray(parent) && !isMap(parent)) throw unfit();
  if (last === '__proto__') throw unfit();
  return { parent, last };
}

function indexOf(token: string, highest: number): number {
  const index = /^(0|[1-9]\d*)$/.test(token) ? Number(token) : -1;
  if (index < 0 || index > highest) throw unfit();
  return index;
}

function unfit(): StatusError {
  return new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request');
}
