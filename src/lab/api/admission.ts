import type { KubeObject } from '../object.ts';
import { forbidden } from '../store/errors.ts';
import { nameOf, type Resource } from '../store/resources.ts';
import type { Store } from '../store.ts';

/** What the API server's admission plugins refuse, though it be valid. Throws StatusError 403. */
export function admit(store: Store, resource: Resource, { metadata, spec }: KubeObject): void {
  if (nameOf(resource) !== 'pods') return;
  const { namespace = '', name } = metadata;
  const account = spec.serviceAccountName ?? 'default';
  // A namespace's own account comes a moment after the namespace; a pod need not wait for it here.
  if (account === 'default' || store.get('serviceaccounts', namespace, account) !== undefined) return;
  const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
  throw forbidden('pods', name, why);
}
