import type { KubeObject } from '../../object.ts';
import { type Cause, invalid } from '../../store/errors.ts';
import { nameOf, type Resource } from '../../store/resources.ts';
import type { Context } from '../call.ts';
import { validateCustom } from './custom.ts';
import { validateLabels, validateMetadata } from './metadata.ts';
import * as others from './others.ts';
import { validateNewPod, validatePodSpec } from './pod-spec.ts';
import { validateCronJob, validateJob, validateWorkload } from './workload.ts';

type Validator = (object: KubeObject) => Cause[];

const workload: Validator = ({ spec }) => [
  ...validateLabels('spec.template.labels', spec?.template?.metadata?.labels ?? {}),
  ...validateWorkload(spec),
];

const VALIDATORS: Readonly<Record<string, Validator>> = {
  pods: ({ spec, metadata }) => (metadata.resourceVersion ? validatePodSpec(spec, 'spec') : validateNewPod(spec)),
  services: others.validateService,
  configmaps: others.validateKeys,
  secrets: others.validateKeys,
  'deployments.apps': workload,
  'replicasets.apps': workload,
  'statefulsets.apps': workload,
  'daemonsets.apps': workload,
  'jobs.batch': ({ spec }) => validateJob(spec),
  'cronjobs.batch': ({ spec }) => validateCronJob(spec),
  'rolebindings.rbac.authorization.k8s.io': others.validateBinding,
  'clusterrolebindings.rbac.authorization.k8s.io': others.validateBinding,
  'customresourcedefinitions.apiextensions.k8s.io': others.validateDefinition,
};

/** Throws StatusError 422 that names each wrong field. The object has its defaults. */
export function requireValid(context: Context, resource: Resource, object: KubeObject): void {
  const specific = resource.custom
    ? validateCustom(context, resource, object)
    : (VALIDATORS[nameOf(resource)]?.(object) ?? []);
  const causes = [...validateMetadata(resource, object), ...specific];
  if (causes.length > 0) throw invalid(resource.kind, resource.group, object.metadata.name ?? '', causes);
}
