/** ReplicaSets (kubernetes/pkg/controller/replicaset): as many pods of a template as asked for. */
import type { KubeObject } from '../object.ts';
import type { Controller } from './controller.ts';
import { ownedBy } from './owned.ts';
import { createPod, deletePod, isActive, isReady, type PodMaker, untilAvailable } from './pods.ts';
import { setStatus } from './status.ts';

export const REPLICA_SETS = 'replicasets.apps';

export function replicaSetController(maker: PodMaker): Controller {
  const { store } = maker;
  return {
    resource: REPLICA_SETS,
    kind: 'ReplicaSet',
    owned: ['pods'],
    reconcile(set, again) {
      try {
        if (set.metadata.deletionTimestamp === undefined) adjust(maker, set);
      } finally {
        const pods = ownedBy(store, 'pods', set).filter(isActive);
        const waits = pods.map((pod) => untilAvailable(pod, set.spec.minReadySeconds ?? 0));
        const next = Math.min(...waits.filter((wait) => wait > 0));
        if (Number.isFinite(next)) again(next);
        const available = waits.filter((wait) => wait === 0).length;
        setStatus(store, REPLICA_SETS, set, statusOf(set, pods, available));
      }
    },
  };
}

function adjust(maker: PodMaker, set: KubeObject): void {
  const pods = ownedBy(maker.store, 'pods', set).filter(isActive);
  const missing = (set.spec.replicas ?? 1) - pods.length;
  for (let i = 0; i < missing; i++) createPod(maker, set);
  if (missing < 0) for (const pod of pods.sort(byWorth).slice(0, -missing)) deletePod(maker, set, pod);
}

/** Those that cost least to lose come first: without a node, not ready, young. */
function byWorth(a: KubeObject, b: KubeObject): number {
  return (
    Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp) ||
    Number(b.metadata.resourceVersion) - Number(a.metadata.resourceVersion)
  );
}

function statusOf(set: KubeObject, pods: readonly KubeObject[], available: number): Record<string, unknown> {
  const ready = pods.filter(isReady).length;
  return {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    ...(pods.length === 0 ? {} : { fullyLabeledReplicas: pods.length }),
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(available === 0 ? {} : { availableReplicas: available }),
  };
}
