/** A Deployment's status, as `kubectl rollout status` reads it (kubernetes/pkg/controller/deployment/progress.go and sync.go). */
import type { KubeObject } from '../object.ts';
import { type Condition, withCondition } from './conditions.ts';
import { limitsOf } from './rollout.ts';

export interface DeploymentStatus {
  readonly observedGeneration: number | undefined;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly conditions: readonly Condition[];
}

/** @param sets all ReplicaSets of the deployment; `current` the one of its template */
export function deploymentStatus(
  deployment: KubeObject,
  sets: readonly KubeObject[],
  current: KubeObject | undefined,
): DeploymentStatus {
  const sum = (field: string): number => sets.reduce((total, { status }) => total + (status?.[field] ?? 0), 0);
  const replicas = sum('replicas');
  const available = sum('availableReplicas');
  const counts = {
    replicas,
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, Math.max(replicas, deployment.spec.replicas ?? 1) - available),
  };
  const before: readonly Condition[] = deployment.status?.conditions ?? [];
  const reached = withCondition(before, availability(deployment, available), ['lastUpdateTime']);
  const wanted = deployment.spec.replicas ?? 1;
  const isDone = counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas === wanted;
  const moved = Object.entries(counts).some(([field, count]) => (deployment.status?.[field] ?? 0) !== count);
  return {
    observedGeneration: deployment.metadata.generation,
    // A count of 0 is not written.
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    conditions: progress(deployment, reached, current, isDone, moved),
  };
}

/** Milliseconds until a rollout that does not end is called failed. */
export function untilOverdue(deployment: KubeObject, { conditions }: DeploymentStatus): number | undefined {
  const progressing = conditions.find(({ type }) => type === 'Progressing');
  if (!isUnderWay(progressing)) return undefined;
  return Math.max(0, deadline(deployment, progressing) - Date.now());
}

function availability({ spec }: KubeObject, available: number): Condition {
  const replicas = spec.replicas ?? 1;
  const { maxUnavailable } = limitsOf(replicas, spec.strategy?.rollingUpdate);
  const least = spec.strategy?.type === 'Recreate' ? replicas : replicas - maxUnavailable;
  return available >= least
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function progress(
  deployment: KubeObject,
  conditions: readonly Condition[],
  current: KubeObject | undefined,
  isDone: boolean,
  moved: boolean,
): Condition[] {
  const before = conditions.find(({ type }) => type === 'Progressing');
  const name = current?.metadata.name ?? '';
  const say = (status: string, reason: string, message: string): Condition[] => {
    // Each step begins the deadline anew.
    const list =
      moved && isUnderWay(before)
        ? conditions.map((one) => (one === before ? { ...one, reason: '' } : one))
        : conditions;
    return withCondition(list, { type: 'Progressing', status, reason, message }, ['lastUpdateTime']);
  };
  if (current === undefined) return [...conditions];
  if (isDone) return say('True', 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`);
  if (!moved && before !== undefined && isUnderWay(before) && deadline(deployment, before) <= Date.now()) {
    return say('False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`);
  }
  if (before?.reason === 'ProgressDeadlineExceeded' && !moved) return [...conditions];
  return say('True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`);
}

function isUnderWay(progressing: Condition | undefined): progressing is Condition {
  return progressing?.status === 'True' && progressing.reason !== 'NewReplicaSetAvailable';
}

function deadline({ spec }: KubeObject, progressing: Condition): number {
  return Date.parse(progressing.lastUpdateTime ?? '') + (spec.progressDeadlineSeconds ?? 600) * 1000;
}
