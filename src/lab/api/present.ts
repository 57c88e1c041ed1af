import type { KubeObject } from '../object.ts';
import { apiVersionOf } from '../store/resources.ts';
import type { Call } from './call.ts';
import { shown } from './convert.ts';
import { wanted } from './http/accept.ts';
import { type Answer, ok } from './http/answer.ts';
import { partial, tableOf } from './table/tables.ts';

/** meta/v1 ListMeta. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** One object in the form that the client wants. */
export function one(call: Call, object: KubeObject, code = 200): Answer {
  return { ...ok(objectBody(call, object)), code };
}

export function objectBody({ context, request, resource, query }: Call, object: KubeObject): object {
  const { resourceVersion } = object.metadata;
  const form = wanted(request.headers.accept);
  if (form === 'Table') {
    return tableOf(context.store, resource, [object], { resourceVersion }, query.get('includeObject'));
  }
  return form === 'PartialObjectMetadata' ? partial(object) : shown(resource, object);
}

export function list({ context, request, resource, query }: Call, objects: readonly KubeObject[], metadata: ListMeta) {
  const form = wanted(request.headers.accept);
  if (form === 'Table') return tableOf(context.store, resource, objects, metadata, query.get('includeObject'));
  if (form === 'PartialObjectMetadata') {
    const kind = 'PartialObjectMetadataList';
    return { kind, apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map(partial) };
  }
  const items = objects.map((object) => {
    const { kind, apiVersion, ...rest } = shown(resource, object);
    // The built-in kinds' items do not repeat what the list says.
    return resource.custom ? { apiVersion, kind, ...rest } : rest;
  });
  return { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items };
}
