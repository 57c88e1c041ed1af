/** Removes objects whose owners are all gone (kubernetes/pkg/controller/garbagecollector). The store itself does `Foreground` and `Orphan`. */
import type { KubeObject, OwnerReference, ResourceName } from '../object.ts';
import { apiVersionOf, nameOf, RESOURCES } from '../store/resources.ts';
import type { Store } from '../store.ts';
import { WorkQueue } from './work-queue.ts';

/** By apiVersion and kind. */
const KINDS = new Map(
  RESOURCES.map((resource) => [
    `${apiVersionOf(resource)}/${resource.kind}`,
    { resource: nameOf(resource), namespaced: resource.namespaced },
  ]),
);

/** @returns how to end it */
export function collectGarbage(store: Store): () => void {
  /** Dependents by their owner's UID, as keys of the queue. */
  const dependents = new Map<string, Set<string>>();
  const queue = new WorkQueue((key) => {
    const [resource = '', namespace = '', name = ''] = key.split(' ');
    const object = store.get(resource, namespace === '' ? undefined : namespace, name);
    if (object !== undefined) collect(store, resource, object);
  });
  const end = store.subscribe(
    ({ type, resource, object }) => {
      const { uid, namespace = '', name, ownerReferences = [] } = object.metadata;
      const key = `${resource} ${namespace} ${name}`;
      for (const owner of ownerReferences) {
        const keys = dependents.get(owner.uid) ?? new Set();
        dependents.set(owner.uid, keys);
        if (type === 'DELETED') keys.delete(key);
        else keys.add(key);
        // One that was made when its owner was gone already.
        if (type === 'ADDED') queue.add(key);
        if (keys.size === 0) dependents.delete(owner.uid);
      }
      if (type === 'DELETED') for (const dependent of dependents.get(uid) ?? []) queue.add(dependent);
    },
    { replay: true },
  );
  return () => {
    end();
    queue.close();
  };
}

function collect(store: Store, resource: ResourceName, object: KubeObject): void {
  const { namespace, name, uid, ownerReferences = [], deletionTimestamp } = object.metadata;
  if (ownerReferences.length === 0 || deletionTimestamp !== undefined) return;
  if (ownerReferences.some((owner) => exists(store, owner, namespace))) return;
  store.remove(resource, namespace, name, { uid, propagation: 'Background' });
}

/** An owner of a kind that the lab does not know is taken for alive. */
function exists(store: Store, owner: OwnerReference, namespace: string | undefined): boolean {
  const known = KINDS.get(`${owner.apiVersion}/${owner.kind}`);
  if (known === undefined) return true;
  return store.get(known.resource, known.namespaced ? namespace : undefined, owner.name)?.metadata.uid === owner.uid;
}
