/** The end of a namespace: everything in it goes, then itself (kubernetes/pkg/controller/namespace). */
import type { KubeObject, ResourceName } from '../object.ts';
import type { Store } from '../store.ts';
import { WorkQueue } from './work-queue.ts';

/** @returns how to end it */
export function emptyNamespaces(store: Store): () => void {
  /** Names by resource, by namespace. */
  const contents = new Map<string, Map<ResourceName, Set<string>>>();
  const queue = new WorkQueue((name) => {
    const namespace = store.get('namespaces', undefined, name);
    if (namespace?.metadata.deletionTimestamp !== undefined) empty(store, namespace, contents.get(name) ?? new Map());
  });
  const end = store.subscribe(
    ({ type, resource, object }) => {
      const { namespace, name } = object.metadata;
      if (resource === 'namespaces') {
        if (type === 'DELETED') contents.delete(name);
        else queue.add(name);
      }
      if (namespace === undefined) return;
      const resources = contents.get(namespace) ?? new Map<ResourceName, Set<string>>();
      contents.set(namespace, resources);
      const names = resources.get(resource) ?? new Set<string>();
      resources.set(resource, names);
      if (type === 'DELETED') names.delete(name);
      else names.add(name);
      // Events are made until the end.
      if (type !== 'MODIFIED') queue.add(namespace);
    },
    { replay: true },
  );
  return () => {
    end();
    queue.close();
  };
}

function empty(store: Store, namespace: KubeObject, contents: ReadonlyMap<ResourceName, ReadonlySet<string>>): void {
  const { name } = namespace.metadata;
  for (const [resource, names] of contents) {
    for (const one of [...names]) {
      const object = store.get(resource, name, one);
      if (object !== undefined && object.metadata.deletionTimestamp === undefined) {
        store.remove(resource, name, one, { propagation: 'Background' });
      }
    }
  }
  // What is left is waited for: pods whose containers end, objects with finalizers.
  const isEmpty = [...contents.values()].every((names) => names.size === 0);
  if (!isEmpty) return;
  store.mutate('namespaces', undefined, name, ({ spec }) => {
    spec.finalizers = (spec.finalizers ?? []).filter((finalizer: string) => finalizer !== 'kubernetes');
  });
}
