/** The templates that a DaemonSet or StatefulSet had (apps/v1 ControllerRevision): what `kubectl rollout history` and `undo` read. */
import type { KubeObject } from '../object.ts';
import type { Store } from '../store.ts';
import { ownedBy, ownerReference } from './owned.ts';
import { templateHash } from './template-hash.ts';

export const REVISIONS = 'controllerrevisions.apps';
export const REVISION_LABEL = 'controller-revision-hash';

/** Makes the revision of the owner's template the newest, unless the owner is going, which would wait for it. @returns its hash */
export function noteRevision(store: Store, owner: KubeObject): string {
  const { name, namespace = 'default' } = owner.metadata;
  const { template } = owner.spec;
  const hash = templateHash(template);
  if (owner.metadata.deletionTimestamp !== undefined) return hash;
  const revisions = ownedBy(store, REVISIONS, owner).sort((a, b) => a.revision - b.revision);
  const own = revisions.find(({ metadata }) => metadata.name === `${name}-${hash}`);
  const newest = revisions.at(-1);
  const next = (newest?.revision ?? 0) + 1;
  if (own === undefined) {
    store.create(REVISIONS, {
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels: { ...template.metadata?.labels, 'controller.kubernetes.io/hash': hash },
        ownerReferences: [ownerReference(owner)],
      },
      data: { spec: { template: { ...template, $patch: 'replace' } } },
      revision: next,
    });
  } else if (own !== newest) {
    store.mutate(REVISIONS, namespace, own.metadata.name, (revision) => {
      revision.revision = next;
    });
  }
  const surplus = revisions.filter((revision) => revision !== own).slice(0, -(owner.spec.revisionHistoryLimit ?? 10));
  for (const { metadata } of surplus) store.remove(REVISIONS, namespace, metadata.name, { uid: metadata.uid });
  return hash;
}
