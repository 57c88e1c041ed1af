/** The kinds that the lab's API server knows by itself: the one table that drives paths, discovery, the store and RBAC. */
import type { ResourceName } from '../object.ts';

export interface Resource {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  /** API group, '' for the core. */
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  /** `all` for what `kubectl get all` shows. */
  readonly categories: readonly string[];
  /** Beside the object itself: `status`, `scale`, `log` … */
  readonly subresources: readonly string[];
  /** Defined by a CustomResourceDefinition: no strategic merge patch. */
  readonly custom: boolean;
  /** What the store calls it, where two groups show the same objects (events). */
  readonly storage: ResourceName;
}

/** `group/version kind plural short,… flags subresource,…`; flags: n namespaced, a in category `all`. `-` is nothing. */
const TABLE = `
v1 Namespace namespaces ns - status,finalize
v1 Node nodes no - status
v1 Pod pods po na status,log,exec,attach,ephemeralcontainers,eviction,binding
v1 Service services svc na status
v1 Endpoints endpoints ep n -
v1 ConfigMap configmaps cm n -
v1 Secret secrets - n -
v1 ServiceAccount serviceaccounts sa n token
v1 Event events ev n -
v1 PersistentVolumeClaim persistentvolumeclaims pvc n status
v1 PersistentVolume persistentvolumes pv - status
v1 LimitRange limitranges limits n -
v1 ResourceQuota resourcequotas quota n status
v1 PodTemplate podtemplates - n -
v1 ReplicationController replicationcontrollers rc na status,scale
apps/v1 Deployment deployments deploy na status,scale
apps/v1 ReplicaSet replicasets rs na status,scale
apps/v1 StatefulSet statefulsets sts na status,scale
apps/v1 DaemonSet daemonsets ds na status
apps/v1 ControllerRevision controllerrevisions - n -
batch/v1 Job jobs - na status
batch/v1 CronJob cronjobs cj na status
autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers hpa na status
networking.k8s.io/v1 NetworkPolicy networkpolicies netpol n -
networking.k8s.io/v1 Ingress ingresses ing n status
networking.k8s.io/v1 IngressClass ingressclasses - - -
discovery.k8s.io/v1 EndpointSlice endpointslices - n -
events.k8s.io/v1 Event events ev n -
coordination.k8s.io/v1 Lease leases - n -
policy/v1 PodDisruptionBudget poddisruptionbudgets pdb n status
rbac.authorization.k8s.io/v1 Role roles - n -
rbac.authorization.k8s.io/v1 RoleBinding rolebindings - n -
rbac.authorization.k8s.io/v1 ClusterRole clusterroles - - -
rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings - - -
scheduling.k8s.io/v1 PriorityClass priorityclasses pc - -
storage.k8s.io/v1 StorageClass storageclasses sc - -
node.k8s.io/v1 RuntimeClass runtimeclasses - - -
apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions crd,crds - status
`;

export const RESOURCES: readonly Resource[] = TABLE.trim().split('\n').map(parseRow);

const BY_NAME = new Map(RESOURCES.map((resource) => [nameOf(resource), resource]));

/** `pods`, `deployments.apps`: also what the API server's messages say. */
export function nameOf(resource: { readonly plural: string; readonly group: string }): ResourceName {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** `v1`, `apps/v1`. */
export function apiVersionOf(resource: { readonly group: string; readonly version: string }): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

export function builtinResource(name: ResourceName): Resource | undefined {
  return BY_NAME.get(name);
}

function parseRow(row: string): Resource {
  const [groupVersion = '', kind = '', plural = '', short = '-', flags = '-', subresources = '-'] = row.split(' ');
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  return {
    plural,
    singular: kind.toLowerCase(),
    kind,
    group,
    version,
    namespaced: flags.includes('n'),
    shortNames: listOf(short),
    categories: flags.includes('a') ? ['all'] : [],
    subresources: listOf(subresources),
    custom: false,
    storage: plural === 'events' ? 'events' : nameOf({ plural, group }),
  };
}

function listOf(words: string): string[] {
  return words === '-' ? [] : words.split(',');
}
