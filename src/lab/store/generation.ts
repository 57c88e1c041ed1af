import type { KubeObject, ResourceName } from '../object.ts';

/** Kinds with a spec whose changes the API server does not count. */
const UNCOUNTED = new Set(['namespaces', 'nodes', 'services', 'persistentvolumeclaims', 'persistentvolumes']);

/** Whether metadata.generation counts the changes of the object's spec. */
export function countsGenerations(resource: ResourceName, object: KubeObject): boolean {
  return object.spec !== undefined && !UNCOUNTED.has(resource);
}
