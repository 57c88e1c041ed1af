import type { KubeObject } from '../../object.ts';
import { badRequest, notFound } from '../../store/errors.ts';
import { nameOf } from '../../store/resources.ts';
import { StatusError } from '../../store.ts';
import type { Call } from '../call.ts';
import { filterOf } from '../filter.ts';
import { type Answer, ok } from '../http/answer.ts';
import { resourceVersion, wholeNumber } from '../number.ts';
import * as present from '../present.ts';

/** GET of one object. */
export function get(call: Call): Answer {
  return present.one(call, existing(call));
}

/** The object that the path names. Throws StatusError 404. */
export function existing({ context, path, resource }: Call): KubeObject {
  const name = path.name ?? '';
  const object = context.store.get(resource.storage, path.namespace, name);
  if (object === undefined) throw notFound(nameOf(resource), name);
  return object;
}

/** GET of a list, page by page where the client wants it. */
export function list(call: Call): Answer {
  const { context, query, resource, path } = call;
  resourceVersion(query);
  const limit = wholeNumber(query, 'limit') ?? 0;
  const matches = filterOf(call);
  const page = pageOf(query.get('continue'), context.log.oldest);
  const all = context.store.list(resource.storage, path.namespace).filter(matches);
  const rest = page === undefined ? all : all.filter((object) => keyOf(object) > page.after);
  const version = page?.version ?? Number(context.store.version);
  const shown = limit > 0 ? rest.slice(0, limit) : rest;
  const remaining = rest.length - shown.length;
  const last = shown.at(-1);
  const more = remaining > 0 && last !== undefined ? { continue: token(version, last) } : {};
  const counted = remaining > 0 && !query.get('labelSelector') && !query.get('fieldSelector');
  return ok(
    present.list(call, shown, {
      resourceVersion: String(version),
      ...more,
      ...(counted ? { remainingItemCount: remaining } : {}),
    }),
  );
}

interface Page {
  readonly version: number;
  readonly after: string;
}

/** A list's later pages show what is there by then; the first page's version lets a watch begin that misses nothing. */
function token(version: number, last: KubeObject): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: keyOf(last) })).toString('base64url');
}

function pageOf(text: string | null, oldest: number): Page | undefined {
  if (text === null || text === '') return undefined;
  const { rv, start } = decoded(text);
  if (typeof rv !== 'number' || typeof start !== 'string') throw invalidToken();
  if (rv >= oldest) return { version: rv, after: start };
  throw new StatusError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
  );
}

function decoded(text: string): { readonly rv?: unknown; readonly start?: unknown } {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) ?? {};
  } catch {
    throw invalidToken();
  }
}

function invalidToken(): StatusError {
  return badRequest('invalid continue token: continue key is not valid');
}

/** In the order of the store's lists. */
function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}\u0000${metadata.name}`;
}
