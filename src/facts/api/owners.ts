/** Who owns a pod, from the pod up, and who manages the owner. */
import type { Cluster, KubeObject, ObjectMeta } from '../../cluster/cluster.ts';
import { isKnown } from '../../model/fact.ts';
import { NETWORKS_ANNOTATION } from '../../model/nad.ts';
import type { OwnerFacts } from '../snapshot.ts';
import { attempt } from './attempt.ts';

interface Workload extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  };
  readonly status?: { readonly desiredNumberScheduled?: number };
}

/** Deeper chains than Deployment, ReplicaSet, pod belong to operators. */
const DEPTH = 4;

export async function ownersOf(cluster: Cluster, object: KubeObject): Promise<OwnerFacts[]> {
  const owners: OwnerFacts[] = [];
  let current: KubeObject = object;
  for (let i = 0; i < DEPTH; i++) {
    const reference =
      current.metadata.ownerReferences?.find((r) => r.controller === true) ?? current.metadata.ownerReferences?.[0];
    if (reference === undefined) break;
    const { apiVersion, kind, name } = reference;
    const prefix = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const found =
      kind === 'Node'
        ? undefined
        : await attempt(
            cluster.get<Workload>(`${prefix}/namespaces/${object.metadata.namespace}/${plural(kind)}/${name}`),
          );
    if (found === undefined || !isKnown(found)) {
      owners.push({ apiVersion, kind, name });
      break;
    }
    owners.push(ownerFacts(apiVersion, kind, found.value));
    current = found.value;
  }
  return owners;
}

function ownerFacts(apiVersion: string, kind: string, workload: Workload): OwnerFacts {
  const networks = workload.spec?.template?.metadata?.annotations?.[NETWORKS_ANNOTATION];
  const replicas = workload.spec?.replicas ?? workload.status?.desiredNumberScheduled;
  const managedBy = managerOf(workload.metadata);
  return {
    apiVersion,
    kind,
    name: workload.metadata.name,
    ...(replicas === undefined ? {} : { replicas }),
    ...(networks === undefined ? {} : { networks }),
    ...(managedBy === undefined ? {} : { managedBy }),
  };
}

/** Kinds are English nouns with regular plurals, as the API conventions ask. */
function plural(kind: string): string {
  const lower = kind.toLowerCase();
  return /(s|x|ch)$/.test(lower) ? `${lower}es` : lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** Helm, Argo CD and Flux mark what they manage; so does whatever follows the recommended label. */
export function managerOf(metadata: ObjectMeta): string | undefined {
  const { labels = {}, annotations = {} } = metadata;
  if (
    annotations['argocd.argoproj.io/tracking-id'] !== undefined ||
    labels['argocd.argoproj.io/instance'] !== undefined
  )
    return 'Argo CD';
  const flux = labels['kustomize.toolkit.fluxcd.io/name'] ?? labels['helm.toolkit.fluxcd.io/name'];
  if (flux !== undefined) return `Flux (${flux})`;
  const release = annotations['meta.helm.sh/release-name'];
  if (release !== undefined) return `Helm (release ${release})`;
  const label = labels['app.kubernetes.io/managed-by'];
  const owner = metadata.ownerReferences?.[0];
  return label ?? (owner === undefined ? undefined : `${owner.kind} ${owner.name}`);
}
