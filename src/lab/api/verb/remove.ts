import type { KubeObject } from '../../object.ts';
import { isPart } from '../../store/defaults/fill.ts';
import { badRequest, conflict } from '../../store/errors.ts';
import type { Resource } from '../../store/resources.ts';
import type { RemoveOptions } from '../../store.ts';
import { type Call, isDryRun } from '../call.ts';
import { filterOf } from '../filter.ts';
import { type Answer, ok } from '../http/answer.ts';
import { mediaType, parseBody, readBody } from '../http/body.ts';
import { success } from '../http/status.ts';
import { wholeNumber } from '../number.ts';
import * as present from '../present.ts';
import { existing } from './read.ts';

/** Kinds whose deletion answers with the object even when it is gone. */
const SHOWN = new Set(['pods', 'services', 'serviceaccounts', 'persistentvolumeclaims', 'persistentvolumes']);
const PROPAGATIONS = ['Background', 'Foreground', 'Orphan'] as const;

/** DELETE of one object. */
export async function remove(call: Call): Promise<Answer> {
  const { context, resource, path } = call;
  const options = await optionsOf(call);
  const before = existing(call);
  const { name, uid } = before.metadata;
  if (options.uid !== undefined && options.uid !== uid) throw otherUid(resource, name, options.uid, uid);
  if (isDryRun(call)) return present.one(call, before);
  const after = context.store.remove(resource.storage, path.namespace, name, options);
  const left = context.store.get(resource.storage, path.namespace, name)?.metadata.uid === uid;
  if (!left) context.applied.forget(uid);
  if (left || SHOWN.has(resource.plural)) return present.one(call, after);
  const group = resource.group === '' ? {} : { group: resource.group };
  return ok(success({ name, ...group, kind: resource.plural, uid }));
}

/** DELETE of a collection: of all that the selectors meet. */
export async function removeAll(call: Call): Promise<Answer> {
  const { context, resource, path } = call;
  const options = await optionsOf(call);
  const matches = filterOf(call);
  const objects = context.store.list(resource.storage, path.namespace).filter(matches);
  if (!isDryRun(call)) for (const object of objects) removeOne(call, object, options);
  return ok(present.list(call, objects, { resourceVersion: context.store.version }));
}

/** What is deleted with another of them is no failure. */
function removeOne({ context, resource }: Call, { metadata }: KubeObject, options: RemoveOptions): void {
  const { namespace, name } = metadata;
  if (context.store.get(resource.storage, namespace, name) === undefined) return;
  context.store.remove(resource.storage, namespace, name, options);
}

/** DeleteOptions (meta/v1), of the body or else of the query. */
export async function optionsOf({ request, query }: Call): Promise<RemoveOptions> {
  const body = await readBody(request);
  const given = body.length === 0 ? {} : parseBody(body, mediaType(request), 'DeleteOptions');
  if (!isPart(given)) throw badRequest('the object provided is unrecognized (must be of type DeleteOptions)');
  const grace: unknown = given.gracePeriodSeconds ?? wholeNumber(query, 'gracePeriodSeconds');
  const policy: unknown = given.propagationPolicy ?? query.get('propagationPolicy') ?? undefined;
  const propagation = PROPAGATIONS.find((known) => known === policy);
  if (policy !== undefined && propagation === undefined) {
    throw badRequest(`invalid propagationPolicy ${JSON.stringify(policy)}: must be Background, Foreground or Orphan`);
  }
  const uid: unknown = given.preconditions?.uid;
  return {
    ...(typeof grace === 'number' ? { grace } : {}),
    ...(propagation === undefined ? {} : { propagation }),
    ...(typeof uid === 'string' ? { uid } : {}),
  };
}

function otherUid({ kind }: Resource, name: string, wanted: string, uid: string): Error {
  const why = `the UID in the precondition (${wanted}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
  return conflict(kind, name, why);
}
