/** From targets as written to the pods and nodes that they mean. */
import { type Cluster, ClusterError, type KubeObject } from '../../cluster/cluster.ts';
import { NETWORKS_ANNOTATION } from '../../model/nad.ts';
import type { TargetName } from '../../model/target.ts';
import type { NodeObject } from './nodes.ts';
import type { PodObject } from './pod.ts';
import { type LabelSelector, selectorText } from './selector.ts';

export interface FoundTargets {
  readonly pods: readonly { readonly pod: PodObject; readonly container?: string }[];
  readonly nodes: readonly string[];
  readonly local: boolean;
}

/** Pods of one target, unless told otherwise: more would be no diagnosis any more. */
const MOST = 50;

/** Throws ClusterError when a target does not exist or may not be read. No target: the namespace's pods that may receive multicast. */
export async function findTargets(
  cluster: Cluster,
  namespace: string,
  targets: readonly TargetName[],
  selector: string | undefined,
  most = MOST,
): Promise<FoundTargets> {
  const all: readonly TargetName[] =
    targets.length > 0 ? targets : [selector === undefined ? { kind: 'namespace' } : { kind: 'selector', selector }];
  const parts = await Promise.all(all.map((target) => find(cluster, namespace, target, most)));
  const seen = new Set<string>();
  return {
    pods: parts
      .flatMap((part) => part.pods)
      .filter(({ pod }) => (seen.has(pod.metadata.uid ?? '') ? false : seen.add(pod.metadata.uid ?? ''))),
    nodes: [...new Set(parts.flatMap((part) => part.nodes))],
    local: parts.some((part) => part.local),
  };
}

const nothing: FoundTargets = { pods: [], nodes: [], local: false };

async function find(cluster: Cluster, namespace: string, target: TargetName, most: number): Promise<FoundTargets> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  switch (target.kind) {
    case 'local':
      return { ...nothing, local: true };
    case 'node':
      return { ...nothing, nodes: [(await cluster.get<NodeObject>(`/api/v1/nodes/${target.name}`)).metadata.name] };
    case 'nodes':
      return { ...nothing, nodes: (await cluster.list<NodeObject>('/api/v1/nodes')).map((n) => n.metadata.name) };
    case 'pod': {
      const pod = await cluster.get<PodObject>(`${pods}/${target.name}`);
      return {
        ...nothing,
        pods: [{ pod, ...(target.container === undefined ? {} : { container: target.container }) }],
      };
    }
    case 'workload':
      return { ...nothing, pods: (await podsOfWorkload(cluster, namespace, target)).slice(0, most) };
    case 'selector':
      return {
        ...nothing,
        pods: some(
          await cluster.list<PodObject>(pods, { labelSelector: target.selector ?? '' }),
          namespace,
          `match ${target.selector}`,
        ).slice(0, most),
      };
    case 'namespace':
      return {
        ...nothing,
        pods: some(receivers(await cluster.list<PodObject>(pods)), namespace, 'run').slice(0, most),
      };
  }
}

interface Workload extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector };
}

async function podsOfWorkload(cluster: Cluster, namespace: string, target: TargetName): Promise<{ pod: PodObject }[]> {
  const { group, resource, kind } = target.workload!;
  const workload = await cluster.get<Workload>(`/apis/${group}/namespaces/${namespace}/${resource}/${target.name}`);
  const labelSelector = selectorText(workload.spec?.selector ?? {});
  // Without a condition the list would be the whole namespace.
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const pods = labelSelector === '' ? [] : await cluster.list<PodObject>(path, { labelSelector });
  return some(
    pods.filter((pod) => pod.metadata.deletionTimestamp === undefined),
    namespace,
    `belong to ${kind} ${target.name}`,
  );
}

function some(pods: readonly PodObject[], namespace: string, what: string): { pod: PodObject }[] {
  if (pods.length === 0)
    throw new ClusterError(
      'not-found',
      `no pods in namespace ${namespace} ${what}`,
      'check the namespace (-n) and the name',
    );
  return pods.map((pod) => ({ pod }));
}

/** Pods with a secondary network come first; those of a finished job receive nothing, and kmcast's own are not asked about. */
function receivers(pods: readonly PodObject[]): PodObject[] {
  const live = pods.filter(
    (pod) =>
      !['Succeeded', 'Failed'].includes(pod.status?.phase ?? '') &&
      pod.metadata.labels?.['app.kubernetes.io/managed-by'] !== 'kmcast',
  );
  const rank = (pod: PodObject) => (pod.metadata.annotations?.[NETWORKS_ANNOTATION] === undefined ? 1 : 0);
  return live.sort((a, b) => rank(a) - rank(b));
}
