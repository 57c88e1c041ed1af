/** Which rules hold for a user (rbac.authorization.k8s.io/v1). */
import type { KubeObject } from '../../object.ts';
import type { Store } from '../../store.ts';
import { labelSelectorTest } from '../selector/label-selector.ts';
import type { User } from './user.ts';

const RBAC = 'rbac.authorization.k8s.io';

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface UserRules {
  readonly rules: readonly PolicyRule[];
  /** Roles that bindings name and nobody made. */
  readonly missing: readonly string[];
}

/** Cluster-wide, and of the namespace when one is given. */
export function rulesOf(store: Store, user: User, namespace: string | undefined): UserRules {
  const bindings = [
    ...store.list(`clusterrolebindings.${RBAC}`),
    ...(namespace === undefined ? [] : store.list(`rolebindings.${RBAC}`, namespace)),
  ].filter((binding) => names(binding, user));
  const rules: PolicyRule[] = [];
  const missing: string[] = [];
  for (const { roleRef, metadata } of bindings) {
    const cluster = roleRef?.kind === 'ClusterRole';
    const role = cluster
      ? store.get(`clusterroles.${RBAC}`, undefined, roleRef.name)
      : store.get(`roles.${RBAC}`, metadata.namespace, roleRef?.name);
    if (role !== undefined) rules.push(...rulesIn(store, role));
    else missing.push(`${cluster ? 'clusterrole' : 'role'}.${RBAC} "${roleRef?.name}" not found`);
  }
  return { rules, missing };
}

function names({ subjects, metadata }: KubeObject, user: User): boolean {
  if (!Array.isArray(subjects)) return false;
  return subjects.some(({ kind, name, namespace }) => {
    if (kind === 'Group') return user.groups.includes(name);
    if (kind === 'User') return user.username === name;
    return user.username === `system:serviceaccount:${namespace ?? metadata.namespace}:${name}`;
  });
}

/** A role's own rules, and those of the cluster roles that it gathers. */
function rulesIn(store: Store, role: KubeObject): PolicyRule[] {
  const own: PolicyRule[] = Array.isArray(role.rules) ? role.rules : [];
  const selectors: unknown[] = role.aggregationRule?.clusterRoleSelectors ?? [];
  if (selectors.length === 0) return own;
  const tests = selectors.map(labelSelectorTest);
  const gathered = store
    .list(`clusterroles.${RBAC}`)
    .filter(({ metadata }) => tests.some((test) => test(metadata.labels ?? {})))
    .flatMap(({ rules }): PolicyRule[] => (Array.isArray(rules) ? rules : []));
  return [...own, ...gathered];
}
