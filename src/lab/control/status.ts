import type { KubeObject, ResourceName } from '../object.ts';
import type { Store } from '../store.ts';

/** Writes the whole status, unless the object is gone by now. */
export function setStatus(store: Store, resource: ResourceName, object: KubeObject, status: object): void {
  const { namespace, name, uid } = object.metadata;
  if (store.get(resource, namespace, name)?.metadata.uid !== uid) return;
  store.mutate(resource, namespace, name, (current) => {
    current.status = status;
  });
}
