/** The nodes that a fleet may be on. */
import { type Cluster, ClusterError } from '../cluster/cluster.ts';
import type { NodeObject } from '../facts/api/nodes.ts';
import type { TargetName } from '../model/target.ts';

export interface FleetNode {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Why it can have no agent. */
  readonly problem?: string;
  readonly object: NodeObject;
}

/** All nodes, by one list: a request for each would be a thousand. */
export async function readNodes(cluster: Cluster): Promise<FleetNode[]> {
  return (await cluster.list<NodeObject>('/api/v1/nodes')).map(nodeOf);
}

/** Those that the targets mean, each once. Throws ClusterError when one does not exist. */
export function chosenNodes(nodes: readonly FleetNode[], targets: readonly TargetName[]): FleetNode[] {
  if (targets.some(({ kind }) => kind === 'nodes')) return [...nodes];
  const names = new Set(targets.map(({ name = '' }) => name));
  const known = new Set(nodes.map(({ name }) => name));
  const strange = [...names].find((name) => !known.has(name));
  if (strange !== undefined) throw new ClusterError('not-found', `node ${strange} not found`);
  return nodes.filter(({ name }) => names.has(name));
}

function nodeOf(object: NodeObject): FleetNode {
  const ready = object.status?.conditions?.find(({ type }) => type === 'Ready');
  const addresses = (object.status?.addresses ?? []).filter(({ type }) => type === 'InternalIP');
  return {
    name: object.metadata.name,
    addresses: addresses.map(({ address }) => address),
    ...(ready === undefined || ready.status === 'True' ? {} : { problem: 'the node is not ready' }),
    object,
  };
}
