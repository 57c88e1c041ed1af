import type { KubeObject } from '../object.ts';

/** What nobody may change: identity, and what only the store sets. */
export function keepIdentity(object: KubeObject, before: KubeObject): void {
  object.apiVersion = before.apiVersion;
  object.kind = before.kind;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = before.metadata;
  const { generation, deletionTimestamp, deletionGracePeriodSeconds } = before.metadata;
  Object.assign(object.metadata, { name, uid, resourceVersion, creationTimestamp });
  Object.assign(object.metadata, { namespace, generation, deletionTimestamp, deletionGracePeriodSeconds });
  tidy(object);
}

/** Empty lists are not written. */
export function tidy({ metadata }: KubeObject): void {
  if (metadata.finalizers?.length === 0) delete metadata.finalizers;
  if (metadata.ownerReferences?.length === 0) delete metadata.ownerReferences;
}

/** As it would come out of JSON: nothing shared, nothing undefined. */
export function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
