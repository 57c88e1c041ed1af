/** Puts pods on nodes: on the one with the fewest pods of those that they may run on. */
import type { KubeObject } from '../object.ts';
import type { Store } from '../store.ts';
import { withCondition } from './conditions.ts';
import type { Controller } from './controller.ts';
import { recordEvent } from './events.ts';
import { matchesNode, untolerated } from './node-match.ts';
import { isOver } from './pods.ts';

const COMPONENT = 'default-scheduler';

/** Pods for which there is no node are looked at again when a node changes. */
export function schedulerController(store: Store): Controller {
  return {
    resource: 'pods',
    kind: 'Pod',
    owned: [],
    others: { resources: ['nodes'], concerned: () => store.list('pods') },
    reconcile(pod) {
      const { spec, metadata } = pod;
      if (spec.nodeName || metadata.deletionTimestamp !== undefined || isOver(pod)) return;
      if ((spec.schedulingGates ?? []).length > 0 || (spec.schedulerName ?? COMPONENT) !== COMPONENT) return;
      const nodes = store.list('nodes');
      const fit = nodes.filter((node) => matchesNode(spec, node) && untolerated(spec, node) === undefined);
      const best = emptiest(store, fit);
      if (best === undefined) refuse(store, pod, nodes);
      else bind(store, pod, best);
    },
  };
}

function emptiest(store: Store, nodes: readonly KubeObject[]): string | undefined {
  const load = new Map<string, number>();
  for (const { spec } of store.list('pods')) load.set(spec.nodeName, (load.get(spec.nodeName) ?? 0) + 1);
  const loaded = nodes.map(({ metadata: { name } }) => ({ name, pods: load.get(name) ?? 0 }));
  return loaded.sort((a, b) => a.pods - b.pods)[0]?.name;
}

function bind(store: Store, pod: KubeObject, node: string): void {
  const { namespace, name } = pod.metadata;
  recordEvent(store, pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`, COMPONENT);
  store.mutate('pods', namespace, name, (current) => {
    current.spec.nodeName = node;
    const conditions = withCondition(current.status?.conditions, { type: 'PodScheduled', status: 'True' });
    current.status = { ...current.status, conditions };
    for (const condition of conditions) {
      if (condition.type !== 'PodScheduled') continue;
      delete condition.reason;
      delete condition.message;
    }
  });
}

/** In the words of the real scheduler, which operators (and kmcast) look for. */
function refuse(store: Store, pod: KubeObject, nodes: readonly KubeObject[]): void {
  const { namespace, name } = pod.metadata;
  const reasons = new Map<string, number>();
  for (const node of nodes) {
    const taint = untolerated(pod.spec, node);
    const reason = !matchesNode(pod.spec, node)
      ? "node(s) didn't match Pod's node affinity/selector"
      : node.spec?.unschedulable === true
        ? 'node(s) were unschedulable'
        : `node(s) had untolerated taint(s) {${taint?.key}: ${taint?.value ?? ''}}`;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const counted = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  const message =
    nodes.length === 0
      ? 'no nodes available to schedule pods'
      : `0/${nodes.length} nodes are available: ${counted.join(', ')}. no new claims to deallocate, preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`;
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  let changed = false;
  store.mutate('pods', namespace, name, (current) => {
    const conditions = withCondition(current.status?.conditions, condition);
    changed = !current.status?.conditions?.some((one: { message?: string }) => one.message === message);
    current.status = { ...current.status, conditions };
  });
  if (changed) recordEvent(store, pod, 'Warning', 'FailedScheduling', message, COMPONENT);
}
