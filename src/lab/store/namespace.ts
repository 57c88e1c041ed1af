import type { ResourceName } from '../object.ts';
import type { Store } from '../store.ts';
import { forbidden, notFound } from './errors.ts';

/** The namespaces that an API server makes when it starts. */
export const FIRST_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Whether something can be made in the namespace. Throws StatusError 404, and 403 for one that is going. */
export function checkNamespace(store: Store, resource: ResourceName, namespace: string, name: string): void {
  const found = store.get('namespaces', undefined, namespace);
  if (found === undefined) throw notFound('namespaces', namespace);
  // Events tell of the end; nothing else begins.
  if (found.metadata.deletionTimestamp === undefined || resource === 'events') return;
  throw forbidden(
    resource,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  );
}
