import type { KubeObject, ResourceName } from '../object.ts';
import * as others from './defaults/others.ts';
import { setPodDefaults } from './defaults/pod.ts';
import * as workloads from './defaults/workloads.ts';

type Defaulter = (object: KubeObject, before: KubeObject | undefined) => void;

const DEFAULTERS: Readonly<Record<ResourceName, Defaulter>> = {
  pods: setPodDefaults,
  namespaces: others.setNamespaceDefaults,
  services: others.setServiceDefaults,
  secrets: others.setSecretDefaults,
  events: others.setEventDefaults,
  'deployments.apps': workloads.setDeploymentDefaults,
  'replicasets.apps': workloads.setReplicaSetDefaults,
  'statefulsets.apps': workloads.setStatefulSetDefaults,
  'daemonsets.apps': workloads.setDaemonSetDefaults,
  'jobs.batch': workloads.setJobDefaults,
  'cronjobs.batch': workloads.setCronJobDefaults,
  'networkpolicies.networking.k8s.io': others.setNetworkPolicyDefaults,
  'rolebindings.rbac.authorization.k8s.io': others.setBindingDefaults,
  'clusterrolebindings.rbac.authorization.k8s.io': others.setBindingDefaults,
  'customresourcedefinitions.apiextensions.k8s.io': others.setDefinitionDefaults,
};

/** Fields that clients rely on and seldom write. `before` is absent for a new object. */
export function setDefaults(resource: ResourceName, object: KubeObject, before?: KubeObject): void {
  DEFAULTERS[resource]?.(object, before);
}
