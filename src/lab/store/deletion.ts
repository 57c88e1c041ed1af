/** What a DELETE does to an object before it goes (apiserver/pkg/registry/rest/delete.go, registry/core/pod and namespace). */
import type { KubeObject, ResourceName } from '../object.ts';
import type { RemoveOptions } from '../store.ts';
import { timestamp } from './names.ts';

/** Keeps an owner until its dependents are gone. */
export const FOREGROUND = 'foregroundDeletion';

/** Marks the object: `isOver` then says whether it goes now. `waits`: dependents must go first. */
export function beginRemoval(resource: ResourceName, object: KubeObject, options: RemoveOptions, waits: boolean): void {
  const { metadata } = object;
  if (waits && !metadata.finalizers?.includes(FOREGROUND)) {
    metadata.finalizers = [...(metadata.finalizers ?? []), FOREGROUND];
  }
  const grace = graceOf(resource, object, options);
  // A second request can shorten the time, not prolong it.
  if (metadata.deletionTimestamp !== undefined && grace >= (metadata.deletionGracePeriodSeconds ?? 0)) return;
  metadata.deletionTimestamp = timestamp(Date.now() + grace * 1000);
  metadata.deletionGracePeriodSeconds = grace;
  if (resource === 'namespaces') object.status = { ...object.status, phase: 'Terminating' };
}

/** Marked, its time given by a kubelet or not needed, and no finalizer holds it. */
export function isOver(resource: ResourceName, { metadata, spec }: KubeObject): boolean {
  if (metadata.deletionTimestamp === undefined || (metadata.deletionGracePeriodSeconds ?? 0) > 0) return false;
  if ((metadata.finalizers ?? []).length > 0) return false;
  return resource !== 'namespaces' || (spec?.finalizers ?? []).length === 0;
}

/** Only a pod that a kubelet runs needs time. */
function graceOf(resource: ResourceName, { spec, status }: KubeObject, { grace }: RemoveOptions): number {
  if (resource !== 'pods' || !spec?.nodeName) return 0;
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  return Math.max(0, grace ?? spec.terminationGracePeriodSeconds ?? 30);
}
