/** Deployments (kubernetes/pkg/controller/deployment): a ReplicaSet for each template, and replicas that move from one to the next. */
import type { KubeObject } from '../object.ts';
import type { Store } from '../store.ts';
import type { Controller } from './controller.ts';
import { deploymentStatus, untilOverdue } from './deployment-status.ts';
import { recordEvent } from './events.ts';
import { ownedBy, ownerReference } from './owned.ts';
import { REPLICA_SETS } from './replica-set.ts';
import { limitsOf, newReplicas, oldReplicas, type Replicas } from './rollout.ts';
import { setStatus } from './status.ts';
import { HASH_LABEL, isSameTemplate, templateHash } from './template-hash.ts';

export const DEPLOYMENTS = 'deployments.apps';
const COMPONENT = 'deployment-controller';
const REVISION = 'deployment.kubernetes.io/revision';

export function deploymentController(store: Store): Controller {
  return {
    resource: DEPLOYMENTS,
    kind: 'Deployment',
    owned: [REPLICA_SETS],
    // A pod that is gone at last: Recreate waits for that, and no ReplicaSet's status tells.
    others: {
      resources: ['pods'],
      concerned: ({ type, object }) => (type === 'DELETED' ? deploymentsOf(store, object) : []),
    },
    reconcile(deployment, again) {
      if (deployment.metadata.deletionTimestamp === undefined && deployment.spec.paused !== true) {
        const current = currentSet(store, deployment);
        const old = setsOf(store, deployment).filter((set) => set.metadata.uid !== current.metadata.uid);
        if (deployment.spec.strategy?.type === 'Recreate') replaceAll(store, deployment, current, old);
        else roll(store, deployment, current, old);
        tidyHistory(store, deployment, old);
      }
      const sets = setsOf(store, deployment);
      const current = sets.find((set) => isSameTemplate(set.spec.template, deployment.spec.template));
      const status = deploymentStatus(deployment, sets, current);
      setStatus(store, DEPLOYMENTS, deployment, status);
      const overdue = untilOverdue(deployment, status);
      if (overdue !== undefined) again(overdue);
    },
  };
}

function deploymentsOf(store: Store, pod: KubeObject): KubeObject[] {
  const { namespace, ownerReferences = [] } = pod.metadata;
  const sets = ownerReferences.flatMap(({ name }) => store.get(REPLICA_SETS, namespace, name) ?? []);
  const owners = sets.flatMap((set) => set.metadata.ownerReferences ?? []);
  return owners.flatMap(({ name }) => store.get(DEPLOYMENTS, namespace, name) ?? []);
}

/** Oldest first. */
function setsOf(store: Store, deployment: KubeObject): KubeObject[] {
  return ownedBy(store, REPLICA_SETS, deployment).sort((a, b) => revisionOf(a) - revisionOf(b));
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

/** The ReplicaSet of the deployment's template, with the highest revision: made, or an old one that comes to honour again. */
function currentSet(store: Store, deployment: KubeObject): KubeObject {
  const sets = setsOf(store, deployment);
  const found = sets.find((set) => isSameTemplate(set.spec.template, deployment.spec.template));
  const highest = Math.max(0, ...sets.filter((set) => set !== found).map(revisionOf));
  const revision = String(found === undefined || revisionOf(found) <= highest ? highest + 1 : revisionOf(found));
  const set = found ?? createSet(store, deployment);
  annotate(store, REPLICA_SETS, set, { ...publicAnnotations(deployment), [REVISION]: revision });
  annotate(store, DEPLOYMENTS, deployment, { [REVISION]: revision });
  return store.get(REPLICA_SETS, set.metadata.namespace, set.metadata.name) ?? set;
}

function createSet(store: Store, deployment: KubeObject): KubeObject {
  const { namespace, name } = deployment.metadata;
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template);
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  return store.create(REPLICA_SETS, {
    metadata: {
      name: `${name}-${hash}`,
      namespace: namespace ?? 'default',
      labels,
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
}

/** Without kubectl's copy of the deployment, which `rollout undo` must not bring back. */
function publicAnnotations({ metadata, spec }: KubeObject): Record<string, string> {
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...others } = metadata.annotations ?? {};
  const replicas = spec.replicas ?? 1;
  const { maxSurge } = limitsOf(replicas, spec.strategy?.rollingUpdate);
  return {
    ...others,
    'deployment.kubernetes.io/desired-replicas': String(replicas),
    'deployment.kubernetes.io/max-replicas': String(replicas + maxSurge),
  };
}

function annotate(store: Store, resource: string, object: KubeObject, notes: Record<string, string>): void {
  store.mutate(resource, object.metadata.namespace, object.metadata.name, ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, ...notes };
  });
}

function replaceAll(store: Store, deployment: KubeObject, current: KubeObject, old: readonly KubeObject[]): void {
  for (const set of old) scale(store, deployment, set, 0);
  const alive = old.some((set) => ownedBy(store, 'pods', set).length > 0);
  if (!alive) scale(store, deployment, current, deployment.spec.replicas ?? 1);
}

function roll(store: Store, deployment: KubeObject, current: KubeObject, old: readonly KubeObject[]): void {
  const replicas = deployment.spec.replicas ?? 1;
  const limits = limitsOf(replicas, deployment.spec.strategy?.rollingUpdate);
  const now = { replicas, ...limits, current: replicasOf(current), old: old.map(replicasOf) };
  const wanted = newReplicas(now);
  scale(store, deployment, current, wanted);
  const after = { ...now, current: { ...now.current, wanted } };
  for (const [i, kept] of oldReplicas(after).entries()) {
    const set = old[i];
    if (set !== undefined) scale(store, deployment, set, kept);
  }
}

function replicasOf({ spec, status }: KubeObject): Replicas {
  return { wanted: spec.replicas ?? 1, available: status?.availableReplicas ?? 0 };
}

function scale(store: Store, deployment: KubeObject, set: KubeObject, replicas: number): void {
  const before = set.spec.replicas ?? 1;
  if (before === replicas) return;
  const { namespace, name } = set.metadata;
  store.mutate(REPLICA_SETS, namespace, name, (current) => {
    current.spec.replicas = replicas;
  });
  const message = `Scaled ${replicas > before ? 'up' : 'down'} replica set ${name} from ${before} to ${replicas}`;
  recordEvent(store, deployment, 'Normal', 'ScalingReplicaSet', message, COMPONENT);
}

function tidyHistory(store: Store, deployment: KubeObject, old: readonly KubeObject[]): void {
  const idle = old.filter(({ spec, status }) => (spec.replicas ?? 1) === 0 && (status?.replicas ?? 0) === 0);
  const surplus = idle.length - (deployment.spec.revisionHistoryLimit ?? 10);
  for (const { metadata } of idle.slice(0, Math.max(0, surplus))) {
    store.remove(REPLICA_SETS, metadata.namespace, metadata.name, { uid: metadata.uid });
  }
}
