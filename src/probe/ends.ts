/** The ends of a probe: who sends and who receives. */
import type { Cluster } from '../cluster/cluster.ts';
import type { NodeObject } from '../facts/api/nodes.ts';
import type { PodObject } from '../facts/api/pod.ts';
import { findTargets } from '../facts/api/targets.ts';
import type { TargetName } from '../model/target.ts';

export interface End {
  /** `pod/rx`, `node/node1`, `local`. */
  readonly name: string;
  readonly namespace?: string;
  readonly node?: string;
  /** Addresses of the cluster's network, for the unicast control. */
  readonly addresses: readonly string[];
  readonly pod?: PodObject;
  readonly container?: string;
}

/** This machine. */
export const HERE: End = { name: 'local', addresses: [] };

/** The ends that the targets mean, each once. Throws ClusterError when one does not exist or may not be read. */
export async function findEnds(cluster: Cluster, namespace: string, targets: readonly TargetName[]): Promise<End[]> {
  if (targets.length === 0) return [];
  const found = await findTargets(cluster, namespace, targets, undefined, Number.POSITIVE_INFINITY);
  const nodes = await Promise.all(found.nodes.map((name) => nodeEnd(cluster, name)));
  return [
    ...found.pods.map(({ pod, container }) => ({ ...podEnd(pod), ...(container === undefined ? {} : { container }) })),
    ...nodes,
    ...(found.local ? [HERE] : []),
  ];
}

function podEnd(pod: PodObject): End {
  const { name, namespace = 'default' } = pod.metadata;
  const { nodeName } = pod.spec;
  const addresses = (pod.status?.podIPs ?? []).map(({ ip }) => ip);
  return { name: `pod/${name}`, namespace, ...(nodeName === undefined ? {} : { node: nodeName }), addresses, pod };
}

async function nodeEnd(cluster: Cluster, name: string): Promise<End> {
  const node = await cluster.get<NodeObject>(`/api/v1/nodes/${encodeURIComponent(name)}`);
  const addresses = (node.status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map((a) => a.address);
  return { name: `node/${name}`, node: name, addresses };
}

/** Why there is no network namespace to test in; undefined where there is one, or may be. */
export function withoutNetwork({ name, pod }: End): string | undefined {
  if (pod === undefined) return undefined;
  const { phase, podIPs = [] } = pod.status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed') return `${name} has ended (${phase})`;
  if (phase !== 'Pending' || podIPs.length > 0) return undefined;
  return pod.spec.nodeName === undefined
    ? `${name} never ran: it is on no node`
    : `${name} never ran: its networks were not made`;
}

/** The same for the same pod, node or machine. */
export function endKey({ name, namespace }: End): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
