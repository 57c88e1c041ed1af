import type { KubeObject } from '../../object.ts';
import { nameOf, type Resource } from '../../store/resources.ts';
import type { Store } from '../../store.ts';
import { DEFINITIONS } from '../resource-index.ts';
import type { TableKind } from './columns.ts';
import { customTable } from './custom.ts';
import { eventTable } from './event.ts';
import * as network from './network.ts';
import { nodeTable } from './node.ts';
import * as others from './others.ts';
import { podTable } from './pod.ts';
import * as workloads from './workloads.ts';

const TABLES: Readonly<Record<string, TableKind>> = {
  pods: podTable,
  nodes: nodeTable,
  namespaces: others.namespaceTable,
  services: network.serviceTable,
  endpoints: network.endpointsTable,
  configmaps: others.configMapTable,
  secrets: others.secretTable,
  serviceaccounts: others.serviceAccountTable,
  events: eventTable,
  deployments: workloads.deploymentTable,
  replicasets: workloads.replicaSetTable,
  replicationcontrollers: workloads.replicaSetTable,
  statefulsets: workloads.statefulSetTable,
  daemonsets: workloads.daemonSetTable,
  jobs: workloads.jobTable,
  cronjobs: workloads.cronJobTable,
  networkpolicies: network.networkPolicyTable,
  ingresses: network.ingressTable,
  endpointslices: network.endpointSliceTable,
  leases: others.leaseTable,
  roles: others.datedTable,
  clusterroles: others.datedTable,
  customresourcedefinitions: others.datedTable,
  rolebindings: others.bindingTable,
  clusterrolebindings: others.bindingTable,
};

/** meta/v1 Table. `include`: what of each object comes with its row. */
export function tableOf(
  store: Store,
  resource: Resource,
  objects: readonly KubeObject[],
  metadata: object,
  include: string | null,
): object {
  const kind = resource.custom
    ? customTable(store.get(DEFINITIONS, undefined, nameOf(resource)), resource.version)
    : (TABLES[resource.plural] ?? others.genericTable);
  const now = Date.now();
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: kind.columns.map((column) => ({ ...column, description: '' })),
    rows: objects.map((object) => ({ cells: kind.cells(object, now), object: included(object, include) })),
  };
}

/** meta/v1 PartialObjectMetadata. */
export function partial({ metadata }: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

function included(object: KubeObject, include: string | null): object | null {
  if (include === 'None') return null;
  return include === 'Object' ? object : partial(object);
}
