/** A node, as who wants to run a pod there needs it. */
import { type Cluster, ClusterError } from '../cluster/cluster.ts';
import type { Node, Pod } from './pod.ts';
import { AgentNotStarted } from './run-agent.ts';

/**
 * The node with its images: those that it tells of, else (a kubelet that has just started tells of none, and nodes may be forbidden)
 * those of the pods that run there, as far as they may be listed: in all namespaces, or in this one. Rejects with AgentNotStarted
 * when the node is not ready.
 */
export async function readNode(cluster: Cluster, name: string, namespace: string): Promise<Node> {
  const node = await cluster.get<Node>(`/api/v1/nodes/${encodeURIComponent(name)}`).catch(noneIfForbidden);
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready && ready.status !== 'True')
    throw new AgentNotStarted(`node ${name} is not ready: ${ready.message ?? 'no reason given'}`, false);
  if (node !== undefined && (node.status?.images ?? []).length > 0) return node;
  const images = imagesOf(await podsOn(cluster, name, namespace)).map((image) => ({ names: [image] }));
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, ...node, status: { ...node?.status, images } };
}

async function podsOn(cluster: Cluster, node: string, namespace: string): Promise<Pod[]> {
  const query = { fieldSelector: `spec.nodeName=${node},status.phase=Running` };
  const all = await cluster.list<Pod>('/api/v1/pods', query).catch(noneIfForbidden);
  if (all !== undefined) return all;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  return (await cluster.list<Pod>(path, query).catch(noneIfForbidden)) ?? [];
}

/** Of containers that run: their images are there. */
function imagesOf(pods: readonly Pod[]): string[] {
  return pods.flatMap(({ spec, status }) => {
    const running = (status?.containerStatuses ?? []).filter(({ state }) => state?.running).map(({ name }) => name);
    return spec.containers.flatMap(({ name, image }) => (running.includes(name) && image !== undefined ? [image] : []));
  });
}

function noneIfForbidden(error: unknown): undefined {
  if (!(error instanceof ClusterError && error.kind === 'forbidden')) throw error;
}
