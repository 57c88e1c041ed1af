/** On which nodes and in which namespaces the test is made, and what may be made there: asked before anything is created. */
import { type Cluster, ClusterError, type KubeObject } from '../cluster/cluster.ts';
import { mayMakeNodePod, mayMakePod } from '../vantage/permission.ts';
import type { Missing } from './cast.ts';
import { chooseNodes, type SchedulableNode } from './nodes.ts';
import { type Placement, placementsOf } from './placement.ts';
import { userFor } from './pod-job.ts';

export interface SettingWishes {
  /** `--nodes`; two that are ready when empty. */
  readonly nodes: readonly string[];
  readonly namespace: string;
  /** Named; or false: none; or absent: the first of `others` that is there and allows it. */
  readonly other?: string | false;
  readonly others: readonly string[];
  /** Namespaces for pods on the nodes' network, the first that allows it; or why there are to be none. */
  readonly hosts: readonly string[] | string;
}

export interface Setting {
  readonly nodes: readonly string[];
  readonly placements: readonly Placement[];
  readonly missing: Missing;
  /** Of the pods' namespace; undefined when it may not be read. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly user: (namespace: string) => number;
}

/** Throws ClusterError where the test cannot be made at all. */
export async function settingFor(cluster: Cluster, wishes: SettingWishes): Promise<Setting> {
  const { namespace } = wishes;
  const [nodes, denied, other, host] = await Promise.all([
    nodesOf(cluster, wishes.nodes),
    mayMakePod(cluster, namespace),
    otherOf(cluster, wishes),
    hostOf(cluster, wishes.hosts),
  ]);
  if (denied !== undefined)
    throw new ClusterError(
      'forbidden',
      denied,
      'docs/permissions.md has the role; -n names a namespace where it is granted',
    );
  if (nodes.length === 0)
    throw new ClusterError('not-found', 'no node is ready that runs Linux', 'name some by --nodes');
  const spaces = new Map(
    await Promise.all(
      [namespace, ...('name' in other ? [other.name] : []), ...('name' in host ? [host.name] : [])].map(
        async (name) => [name, await annotationsOf(cluster, name)] as const,
      ),
    ),
  );
  return {
    nodes,
    placements: placementsOf({
      nodes,
      namespace,
      ...('name' in other ? { other: other.name } : {}),
      ...('name' in host ? { host: host.name } : {}),
    }),
    missing: {
      ...('reason' in other ? { other: other.reason } : {}),
      ...('reason' in host ? { host: host.reason } : {}),
    },
    annotations: spaces.get(namespace),
    user: (name) => userFor(spaces.get(name)),
  };
}

async function nodesOf(cluster: Cluster, named: readonly string[]): Promise<string[]> {
  if (named.length === 0) return chooseNodes(await allNodes(cluster));
  const names = [...new Set(named)];
  await Promise.all(names.map((name) => existing(cluster, `/api/v1/nodes/${encodeURIComponent(name)}`)));
  return names;
}

async function allNodes(cluster: Cluster): Promise<SchedulableNode[]> {
  return cluster.list<SchedulableNode>('/api/v1/nodes').catch((error: unknown) => {
    if (!(error instanceof ClusterError) || error.kind !== 'forbidden') throw error;
    throw new ClusterError('forbidden', error.message, 'name two nodes by --nodes');
  });
}

type Place = { readonly name: string } | { readonly reason: string };

async function otherOf(cluster: Cluster, { namespace, other, others }: SettingWishes): Promise<Place> {
  if (other === false) return { reason: '--no-other-namespace was given' };
  if (other !== undefined) {
    await existing(cluster, namespacePath(other));
    const denied = await mayMakePod(cluster, other);
    return denied === undefined ? { name: other } : { reason: denied };
  }
  for (const name of others.filter((one) => one !== namespace)) {
    if ((await isThere(cluster, namespacePath(name))) && (await mayMakePod(cluster, name)) === undefined)
      return { name };
  }
  return { reason: 'there is no other namespace for it: name one by --other-namespace' };
}

async function hostOf(cluster: Cluster, hosts: SettingWishes['hosts']): Promise<Place> {
  if (typeof hosts === 'string') return { reason: hosts };
  const answers = await Promise.all(hosts.map(async (name) => ({ name, denied: await mayMakeNodePod(cluster, name) })));
  const place = answers.find(({ denied }) => denied === undefined);
  if (place !== undefined) return { name: place.name };
  // The same is missing in most namespaces: one in full is what an administrator needs.
  const others = hosts.slice(1);
  const nor = others.length === 0 ? '' : ` (nor may it be made in ${others.join(', ')})`;
  return { reason: `no pod on a node's network may be made: ${answers[0]?.denied}${nor}` };
}

/** Throws where it is known not to be there; who may not look goes on. */
async function existing(cluster: Cluster, path: string): Promise<void> {
  await cluster.get(path).catch((error: unknown) => {
    if (!(error instanceof ClusterError) || error.kind !== 'forbidden') throw error;
  });
}

async function isThere(cluster: Cluster, path: string): Promise<boolean> {
  return cluster.get(path).then(
    () => true,
    () => false,
  );
}

async function annotationsOf(cluster: Cluster, name: string): Promise<Readonly<Record<string, string>> | undefined> {
  const object = await cluster.get<KubeObject>(namespacePath(name)).catch(() => undefined);
  return object === undefined ? undefined : (object.metadata.annotations ?? {});
}

function namespacePath(name: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(name)}`;
}
