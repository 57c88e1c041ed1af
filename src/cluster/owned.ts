import { randomBytes } from 'node:crypto';
import { type Cluster, ClusterError, type KubeObject } from './cluster.ts';

export const MANAGED_BY = 'app.kubernetes.io/managed-by';
export const RUN = 'kmcast.io/run';

/** An id for one run of kmcast: 8 hexadecimal digits, fit for names and labels. */
export function newRunId(): string {
  return randomBytes(4).toString('hex');
}

/** The labels of everything that kmcast creates. */
export function ownLabels(run: string): Record<string, string> {
  return { [MANAGED_BY]: 'kmcast', [RUN]: run };
}

/** Something that kmcast left in a cluster. */
export interface OwnedObject {
  /** `Pod`, `Job`, `DaemonSet`, `Namespace`. */
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** Path for DELETE. */
  readonly path: string;
  readonly run: string | undefined;
  /** When it was created, RFC 3339. */
  readonly created: string | undefined;
}

/** A place that could not be searched, or a thing that could not be removed, and why. */
export interface Refused {
  readonly what: string;
  readonly reason: string;
}

const KINDS = [
  { kind: 'DaemonSet', prefix: '/apis/apps/v1', resource: 'daemonsets' },
  { kind: 'Job', prefix: '/apis/batch/v1', resource: 'jobs' },
  { kind: 'Pod', prefix: '/api/v1', resource: 'pods' },
] as const;
type Kind = (typeof KINDS)[number];

/**
 * What kmcast left in a namespace, or in all of them. Where all cannot be listed at once, each namespace is asked, and those
 * that refuse are named. What a found object owns goes with it and is left out. `run` narrows it to one run.
 * Throws ClusterError only when the server cannot be asked at all.
 */
export async function findOwned(
  cluster: Cluster,
  namespace?: string,
  run?: string,
): Promise<{ found: OwnedObject[]; refused: Refused[] }> {
  const refused: Refused[] = [];
  const query = { labelSelector: `${MANAGED_BY}=kmcast${run === undefined ? '' : `,${RUN}=${run}`}` };
  const namespaces =
    namespace === undefined
      ? await attempt('namespaces', refused, () => cluster.list('/api/v1/namespaces', query))
      : [];
  const parts = await Promise.all(KINDS.map((kind) => findKind(cluster, kind, namespace, query, refused)));
  const objects = parts.flat();
  const uids = new Set(objects.map(({ object }) => object.metadata.uid));
  const owned = objects.filter(
    ({ object }) => !(object.metadata.ownerReferences ?? []).some((owner) => uids.has(owner.uid)),
  );
  const spaces = (namespaces ?? []).map((object) =>
    ownedObject('Namespace', `/api/v1/namespaces/${object.metadata.name}`, object),
  );
  return {
    found: [...owned.map(({ kind, object }) => ownedObject(kind.kind, pathOf(kind, object), object)), ...spaces],
    refused,
  };
}

/** Removes, in the order given; what the server refuses is named. What is gone already counts as removed. */
export async function removeOwned(
  cluster: Cluster,
  objects: readonly OwnedObject[],
): Promise<{ removed: OwnedObject[]; refused: Refused[] }> {
  const removed: OwnedObject[] = [];
  const refused: Refused[] = [];
  for (const object of objects) {
    const place = object.namespace === undefined ? '' : `${object.namespace}/`;
    const done = await attempt(`${object.kind} ${place}${object.name}`, refused, async () => {
      await cluster.delete(object.path, { propagationPolicy: 'Background' });
      return true;
    });
    if (done === true) removed.push(object);
  }
  return { removed, refused };
}

async function findKind(
  cluster: Cluster,
  kind: Kind,
  namespace: string | undefined,
  query: Record<string, string>,
  refused: Refused[],
) {
  const objects =
    namespace === undefined
      ? await everywhere(cluster, kind, query, refused)
      : await inNamespace(cluster, kind, namespace, query, refused);
  return objects.map((object) => ({ kind, object }));
}

async function everywhere(
  cluster: Cluster,
  kind: Kind,
  query: Record<string, string>,
  refused: Refused[],
): Promise<KubeObject[]> {
  try {
    return await cluster.list(`${kind.prefix}/${kind.resource}`, query);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind !== 'forbidden') throw error;
  }
  const all = await cluster.list('/api/v1/namespaces').catch((error: unknown) => {
    if (!(error instanceof ClusterError) || error.kind !== 'forbidden') throw error;
    refused.push({ what: `${kind.resource} outside namespace ${cluster.namespace}`, reason: error.message });
    return [{ metadata: { name: cluster.namespace } }];
  });
  const parts: KubeObject[] = [];
  for (const { metadata } of all) parts.push(...(await inNamespace(cluster, kind, metadata.name, query, refused)));
  return parts;
}

async function inNamespace(
  cluster: Cluster,
  kind: Kind,
  namespace: string,
  query: Record<string, string>,
  refused: Refused[],
): Promise<KubeObject[]> {
  const path = `${kind.prefix}/namespaces/${encodeURIComponent(namespace)}/${kind.resource}`;
  return (await attempt(`${kind.resource} in namespace ${namespace}`, refused, () => cluster.list(path, query))) ?? [];
}

/** Runs it; a refusal of this one thing is noted, and anything else thrown. */
async function attempt<T>(what: string, refused: Refused[], act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ClusterError) || !['forbidden', 'not-found', 'conflict', 'invalid'].includes(error.kind))
      throw error;
    refused.push({ what, reason: error.message });
    return undefined;
  }
}

function pathOf(kind: Kind, object: KubeObject): string {
  return `${kind.prefix}/namespaces/${object.metadata.namespace}/${kind.resource}/${object.metadata.name}`;
}

function ownedObject(kind: string, path: string, { metadata }: KubeObject): OwnedObject {
  return {
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    path,
    run: metadata.labels?.[RUN],
    created: metadata.creationTimestamp,
  };
}
