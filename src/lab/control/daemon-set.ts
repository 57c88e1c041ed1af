/** DaemonSets (kubernetes/pkg/controller/daemon): a pod on each node that it is for. */
import type { KubeObject } from '../object.ts';
import type { Controller } from './controller.ts';
import { recordEvent } from './events.ts';
import { matchesNode, untolerated } from './node-match.ts';
import { ownedBy } from './owned.ts';
import { createPod, deletePod, isOver, isReady, type PodMaker, untilAvailable } from './pods.ts';
import { noteRevision, REVISION_LABEL } from './revisions.ts';
import { setStatus } from './status.ts';

export const DAEMON_SETS = 'daemonsets.apps';

/** Daemons run where nothing else may. */
const TOLERATIONS = [
  ...['not-ready', 'unreachable'].map((name) => ({ name, effect: 'NoExecute' })),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable', 'network-unavailable'].map((name) => ({
    name,
    effect: 'NoSchedule',
  })),
].map(({ name, effect }) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists', effect }));

export function daemonSetController(maker: PodMaker): Controller {
  const { store } = maker;
  return {
    resource: DAEMON_SETS,
    kind: 'DaemonSet',
    owned: ['pods'],
    others: { resources: ['nodes'], concerned: () => store.list(DAEMON_SETS) },
    reconcile(set, again) {
      const tolerations = [...(set.spec.template.spec.tolerations ?? []), ...TOLERATIONS];
      const spec = { ...set.spec.template.spec, tolerations };
      const nodes = store
        .list('nodes')
        .filter((node) => matchesNode(spec, node) && untolerated(spec, node) === undefined)
        .map(({ metadata }) => metadata.name);
      const hash = noteRevision(store, set);
      try {
        if (set.metadata.deletionTimestamp === undefined) {
          fill(maker, set, nodes, hash, tolerations);
          update(maker, set, nodes, hash);
        }
      } finally {
        const pods = podsByNode(maker, set);
        const waits = [...pods.values()].map((pod) => untilAvailable(pod, set.spec.minReadySeconds ?? 0));
        const next = Math.min(...waits.filter((wait) => wait > 0));
        if (Number.isFinite(next)) again(next);
        setStatus(store, DAEMON_SETS, set, statusOf(set, pods, nodes, hash));
      }
    },
  };
}

/** The pods by the node that each is for, whether it is bound by now or not. */
function podsByNode({ store }: PodMaker, set: KubeObject): Map<string, KubeObject> {
  return new Map(ownedBy(store, 'pods', set).map((pod) => [nodeOf(pod), pod]));
}

function nodeOf({ spec }: KubeObject): string {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return spec.nodeName || terms?.[0]?.matchFields?.[0]?.values?.[0] || '';
}

function fill(
  maker: PodMaker,
  set: KubeObject,
  nodes: readonly string[],
  hash: string,
  tolerations: readonly unknown[],
): void {
  const pods = podsByNode(maker, set);
  for (const [node, pod] of pods) {
    const isLost = isOver(pod) && pod.metadata.deletionTimestamp === undefined;
    if (isLost) {
      const said = `Found failed daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node}, will try to kill it`;
      recordEvent(maker.store, set, 'Warning', 'FailedDaemonPod', said, maker.component);
    }
    if (isLost || !nodes.includes(node)) deletePod(maker, set, pod);
  }
  for (const node of nodes) {
    if (podsByNode(maker, set).has(node)) continue;
    createPod(maker, set, { labels: { [REVISION_LABEL]: hash }, spec: { ...pinnedTo(set, node), tolerations } });
  }
}

function pinnedTo(set: KubeObject, node: string): Record<string, unknown> {
  const { affinity } = set.spec.template.spec;
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  return {
    affinity: {
      ...affinity,
      nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required },
    },
  };
}

/** Rolling: an old pod goes when no more are missing than may be. */
function update(maker: PodMaker, set: KubeObject, nodes: readonly string[], hash: string): void {
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  const pods = podsByNode(maker, set);
  const isUp = (node: string): boolean => {
    const pod = pods.get(node);
    return pod !== undefined && pod.metadata.deletionTimestamp === undefined && isReady(pod);
  };
  const limit = limitOf(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable, nodes.length);
  let room = limit - nodes.filter((node) => !isUp(node)).length;
  const old = nodes
    .flatMap((node) => pods.get(node) ?? [])
    .filter((pod) => pod.metadata.labels?.[REVISION_LABEL] !== hash);
  for (const pod of old.sort((a, b) => Number(isReady(a)) - Number(isReady(b)))) {
    // One that does not work anyway makes nothing worse.
    if (isReady(pod) && room-- <= 0) continue;
    deletePod(maker, set, pod);
  }
}

function limitOf(value: unknown, nodes: number): number {
  const percent = /^(\d+)%$/.exec(String(value))?.[1];
  const limit = percent === undefined ? Number(value ?? 1) : Math.ceil((Number(percent) / 100) * nodes);
  return Math.max(1, limit);
}

function statusOf(
  set: KubeObject,
  pods: ReadonlyMap<string, KubeObject>,
  nodes: readonly string[],
  hash: string,
): Record<string, unknown> {
  const there = nodes.flatMap((node) => pods.get(node) ?? []);
  const available = there.filter((pod) => untilAvailable(pod, set.spec.minReadySeconds ?? 0) === 0).length;
  const unavailable = nodes.length - available;
  return {
    currentNumberScheduled: there.length,
    numberMisscheduled: [...pods.keys()].filter((node) => !nodes.includes(node)).length,
    desiredNumberScheduled: nodes.length,
    numberReady: there.filter(isReady).length,
    observedGeneration: set.metadata.generation,
    updatedNumberScheduled: there.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === hash).length,
    ...(available === 0 ? {} : { numberAvailable: available }),
    ...(unavailable === 0 ? {} : { numberUnavailable: unavailable }),
  };
}
