/** What cannot be changed once an object is there. */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../object.ts';
import { each, type Part } from '../../store/defaults/fill.ts';
import { type Cause, invalid } from '../../store/errors.ts';
import { nameOf, type Resource } from '../../store/resources.ts';
import { difference } from './difference.ts';
import { not, wrong } from './words.ts';

type ChangeValidator = (next: KubeObject, before: KubeObject) => Cause[];

/** Throws StatusError 422. */
export function requireAllowedChange(
  resource: Resource,
  subresource: string | undefined,
  next: KubeObject,
  before: KubeObject,
): void {
  if (subresource !== undefined) return;
  const causes = VALIDATORS[nameOf(resource)]?.(next, before) ?? [];
  if (causes.length > 0) throw invalid(resource.kind, resource.group, before.metadata.name, causes);
}

const POD_WORDS =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function pod({ spec: next }: KubeObject, { spec: before }: KubeObject): Cause[] {
  for (const list of ['containers', 'initContainers']) {
    if (each(next[list]).length !== each(before[list]).length) {
      return [not(`spec.${list}`, 'pod updates may not add or remove containers')];
    }
  }
  const tolerations = each(next.tolerations);
  const kept = each(before.tolerations).every((old) =>
    tolerations.some((now) => isDeepStrictEqual(untimed(now), untimed(old))),
  );
  if (!kept) return [not('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
  const was = fixed(before, before);
  const is = fixed(next, before);
  return isDeepStrictEqual(is, was) ? [] : [not('spec', `${POD_WORDS}\n${difference(was, is)}`)];
}

function untimed({ tolerationSeconds: _, ...toleration }: Part): Part {
  return toleration;
}

/** The spec with `before`'s word on all that may change. */
function fixed(spec: Part, before: Part): Part {
  const { activeDeadlineSeconds: _, tolerations: __, ...rest } = spec;
  for (const list of ['containers', 'initContainers']) {
    if (!Array.isArray(spec[list])) continue;
    rest[list] = each(spec[list]).map((container, at) => ({ ...container, image: before[list]?.[at]?.image }));
  }
  return rest;
}

function immutable(field: string, value: unknown, old: unknown): Cause[] {
  return isDeepStrictEqual(value, old) ? [] : [wrong(field, value, 'field is immutable')];
}

const selector: ChangeValidator = (next, before) =>
  immutable('spec.selector', next.spec?.selector, before.spec?.selector);

function roleReference({ roleRef: next }: KubeObject, { roleRef: before }: KubeObject): Cause[] {
  if (isDeepStrictEqual(next, before)) return [];
  const value = { APIGroup: next?.apiGroup, Kind: next?.kind, Name: next?.name };
  return [wrong('roleRef', value, 'cannot change roleRef')];
}

const VALIDATORS: Readonly<Record<string, ChangeValidator>> = {
  pods: pod,
  'deployments.apps': selector,
  'replicasets.apps': selector,
  'statefulsets.apps': selector,
  'daemonsets.apps': selector,
  'jobs.batch': (next, before) => [
    ...selector(next, before),
    ...immutable('spec.template', next.spec?.template, before.spec?.template),
  ],
  'rolebindings.rbac.authorization.k8s.io': roleReference,
  'clusterrolebindings.rbac.authorization.k8s.io': roleReference,
  secrets: (next, before) => immutable('type', next.type, before.type),
};
