/** The objects of a fleet in the cluster: made together, and gone together. */
import { type Cluster, ClusterError, type KubeObject } from '../cluster/cluster.ts';
import { ownLabels } from '../cluster/owned.ts';
import { type Crew, type FleetObjects, fleetConfig, fleetWorkload, guardJob } from './manifest.ts';

export type WorkloadKind = 'DaemonSet' | 'Job';

/** API group and resource of what makes the pods. */
export const WORKLOADS = {
  DaemonSet: { group: 'apps', resource: 'daemonsets' },
  Job: { group: 'batch', resource: 'jobs' },
} as const;

export interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** API path of all pods of the namespace, and what selects the fleet's. */
  readonly pods: string;
  readonly selector: string;
  /** Deletes what makes the pods, and then all pods in one request: each agent gets SIGTERM, and its time of grace. */
  readonly dismiss: (graceSeconds?: number) => Promise<void>;
  /** Removes everything. */
  readonly close: () => Promise<void>;
}

/** How often the deletion of a large collection may run out of time: what was deleted stays so. */
const DELETIONS = 10;

/** Makes the guard first, then what it owns, so that nothing is ever without it. */
export async function makeWorkload(
  cluster: Cluster,
  objects: FleetObjects,
  crew: Crew,
  kind: WorkloadKind,
  files: { readonly program: string; readonly job: object },
): Promise<Workload> {
  const { name, namespace, run } = objects;
  const space = `namespaces/${encodeURIComponent(namespace)}`;
  const jobs = `/apis/batch/v1/${space}/jobs`;
  const collection = `/apis/${WORKLOADS[kind].group}/v1/${space}/${WORKLOADS[kind].resource}`;
  const pods = `/api/v1/${space}/pods`;
  const selector = Object.entries(ownLabels(run))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const guard = guardJob({ ...objects, name: `${name}-guard` });
  const dismiss = async (graceSeconds?: number): Promise<void> => {
    await cluster.delete(`${collection}/${name}`, { propagationPolicy: 'Background' });
    await deletePods(cluster, pods, selector, graceSeconds);
  };
  const close = async (): Promise<void> => {
    await dismiss(0);
    await cluster.delete(`${jobs}/${guard.metadata.name}`, { propagationPolicy: 'Background' });
  };
  try {
    const { metadata } = await cluster.create<KubeObject>(jobs, guard);
    const owner = { name: metadata.name, uid: metadata.uid ?? '' };
    await cluster.create(`/api/v1/${space}/configmaps`, fleetConfig(objects, owner, files.program, files.job));
    await cluster.create(collection, fleetWorkload(objects, owner, crew, kind));
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return { kind, namespace, name, pods, selector, dismiss, close };
}

async function deletePods(cluster: Cluster, pods: string, labelSelector: string, grace?: number): Promise<void> {
  for (let left = DELETIONS; ; left--) {
    try {
      const options = grace === undefined ? {} : { gracePeriodSeconds: grace };
      return await cluster.delete(pods, { labelSelector, ...options });
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind !== 'timeout' || left <= 1) throw error;
    }
  }
}
