/** StatefulSets (kubernetes/pkg/controller/statefulset): pods with names of their own, begun and replaced in order. */
import type { KubeObject } from '../object.ts';
import type { Controller } from './controller.ts';
import { ownedBy } from './owned.ts';
import { createPod, deletePod, isOver, isReady, type PodMaker, untilAvailable } from './pods.ts';
import { noteRevision, REVISION_LABEL } from './revisions.ts';
import { setStatus } from './status.ts';

export const STATEFUL_SETS = 'statefulsets.apps';

/** Volume claims are not made: the lab has no storage. Every new pod is of the newest template. */
export function statefulSetController(maker: PodMaker): Controller {
  const { store } = maker;
  return {
    resource: STATEFUL_SETS,
    kind: 'StatefulSet',
    owned: ['pods'],
    reconcile(set, again) {
      const hash = `${set.metadata.name}-${noteRevision(store, set)}`;
      try {
        if (set.metadata.deletionTimestamp === undefined) step(maker, set, hash);
      } finally {
        const pods = ownedBy(store, 'pods', set);
        const waits = pods.map((pod) => untilAvailable(pod, set.spec.minReadySeconds ?? 0));
        const next = Math.min(...waits.filter((wait) => wait > 0));
        if (Number.isFinite(next)) again(next);
        setStatus(store, STATEFUL_SETS, set, statusOf(set, pods, waits.filter((wait) => wait === 0).length, hash));
      }
    },
  };
}

/** As far as it goes until a pod must be waited for; each pod's change leads to the next step. */
function step(maker: PodMaker, set: KubeObject, hash: string): void {
  const { spec } = set;
  const inOrder = spec.podManagementPolicy !== 'Parallel';
  const first = spec.ordinals?.start ?? 0;
  const pods = new Map(ownedBy(maker.store, 'pods', set).map((pod) => [ordinalOf(pod), pod]));
  for (let ordinal = first; ordinal < first + (spec.replicas ?? 1); ordinal++) {
    const pod = pods.get(ordinal);
    if (pod === undefined) create(maker, set, ordinal, hash);
    else if (isOver(pod)) deletePod(maker, set, pod);
    if (inOrder && (pod === undefined || !isUp(pod))) return;
  }
  const surplus = [...pods].filter(([ordinal]) => ordinal < first || ordinal >= first + (spec.replicas ?? 1));
  for (const [, pod] of surplus.sort(([a], [b]) => b - a)) {
    deletePod(maker, set, pod);
    if (inOrder) return;
  }
  if (spec.updateStrategy?.type !== 'OnDelete') replaceOld(maker, set, hash);
}

/** From the last to the first, each when those behind it are up again. */
function replaceOld(maker: PodMaker, set: KubeObject, hash: string): void {
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const pods = ownedBy(maker.store, 'pods', set).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of pods) {
    if (ordinalOf(pod) < partition) return;
    if (pod.metadata.labels?.[REVISION_LABEL] !== hash) {
      deletePod(maker, set, pod);
      return;
    }
    if (!isUp(pod)) return;
  }
}

function create(maker: PodMaker, set: KubeObject, ordinal: number, hash: string): void {
  const name = `${set.metadata.name}-${ordinal}`;
  createPod(maker, set, {
    name,
    labels: {
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(ordinal),
      [REVISION_LABEL]: hash,
    },
    spec: { hostname: name, ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}) },
  });
}

function ordinalOf({ metadata }: KubeObject): number {
  return Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? Number.NaN);
}

function isUp(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp === undefined && isReady(pod);
}

function statusOf(
  set: KubeObject,
  pods: readonly KubeObject[],
  available: number,
  hash: string,
): Record<string, unknown> {
  const updated = pods.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === hash).length;
  const ready = pods.filter(isReady).length;
  const isDone = updated === pods.length && ready === (set.spec.replicas ?? 1) && pods.length === ready;
  const current = isDone ? hash : (set.status?.currentRevision ?? hash);
  const atCurrent = pods.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === current).length;
  return {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    ...(ready === 0 ? {} : { readyReplicas: ready }),
    ...(atCurrent === 0 ? {} : { currentReplicas: atCurrent }),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    availableReplicas: available,
    currentRevision: current,
    updateRevision: hash,
    collisionCount: 0,
  };
}
