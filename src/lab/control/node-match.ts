/** Which nodes a pod may run on (core/v1 NodeSelector, NodeAffinity, Taint; kubernetes/pkg/scheduler/framework/plugins). */
import type { KubeObject } from '../object.ts';

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface Term {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** nodeSelector, and the affinity that is required. */
export function matchesNode(spec: KubeObject['spec'], node: KubeObject): boolean {
  const labels = node.metadata.labels ?? {};
  const selector: Record<string, string> = spec?.nodeSelector ?? {};
  if (!Object.entries(selector).every(([key, value]) => labels[key] === value)) return false;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  const terms: readonly Term[] = required.nodeSelectorTerms ?? [];
  return terms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchExpressions.length + matchFields.length > 0 &&
      matchExpressions.every((one) => meets(labels[one.key], one)) &&
      matchFields.every((one) => one.key === 'metadata.name' && meets(node.metadata.name, one)),
  );
}

/** The first taint that keeps the pod away, of those that keep pods from being put there. */
export function untolerated(spec: KubeObject['spec'], node: KubeObject): Taint | undefined {
  const taints: Taint[] = [...(node.spec?.taints ?? [])];
  if (node.spec?.unschedulable === true) {
    taints.push({ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' });
  }
  const tolerations: readonly Toleration[] = spec?.tolerations ?? [];
  return taints.find(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

function meets(value: string | undefined, { operator, values = [] }: Requirement): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== '' && effect !== taint.effect) return false;
  if (key !== undefined && key !== '' && key !== taint.key) return false;
  if ((key ?? '') === '') return operator === 'Exists';
  return operator === 'Exists' || value === (taint.value ?? '');
}
