/** Objects that others belong to (meta/v1 OwnerReference). */
import type { KubeObject, OwnerReference, ResourceName } from '../object.ts';
import type { Store } from '../store.ts';

/** What an owner's controller puts into the objects that it makes. */
export function ownerReference(owner: KubeObject): OwnerReference {
  const { name, uid } = owner.metadata;
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** Those that the object controls. */
export function ownedBy(store: Store, resource: ResourceName, owner: KubeObject): KubeObject[] {
  const { namespace, uid } = owner.metadata;
  return store
    .list(resource, namespace)
    .filter(({ metadata }) => metadata.ownerReferences?.some((one) => one.controller === true && one.uid === uid));
}
