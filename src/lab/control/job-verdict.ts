/** Whether a job is at its end, and why (kubernetes/pkg/controller/job/job_controller.go). */
import type { KubeObject } from '../object.ts';
import type { Condition } from './conditions.ts';
import type { JobTally } from './job-tally.ts';
import { isActive } from './pods.ts';

export interface Verdict {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

/** Undefined while the job goes on. */
export function verdictOn(job: KubeObject, pods: readonly KubeObject[], tally: JobTally): Verdict | undefined {
  const { spec, status } = job;
  const decided = conditionOf(job, 'FailureTarget');
  if (decided !== undefined) return { type: 'Failed', reason: decided.reason ?? '', message: decided.message ?? '' };
  if (hasEnough(job, pods, tally)) {
    const message = 'Reached expected number of succeeded pods';
    return { type: 'Complete', reason: 'CompletionsReached', message };
  }
  if (failures(job, pods, tally) > (spec.backoffLimit ?? 6)) {
    const message = 'Job has reached the specified backoff limit';
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message };
  }
  if (untilDeadline(job, status?.startTime) <= 0) {
    const message = 'Job was active longer than specified deadline';
    return { type: 'Failed', reason: 'DeadlineExceeded', message };
  }
  return undefined;
}

/** Milliseconds until activeDeadlineSeconds are over; Infinity without. */
export function untilDeadline({ spec }: KubeObject, startTime: string | undefined): number {
  if (spec.activeDeadlineSeconds === undefined || startTime === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(startTime) + spec.activeDeadlineSeconds * 1000 - Date.now();
}

/** The condition, where it is true. */
export function conditionOf(job: KubeObject, type: string): Condition | undefined {
  const conditions: readonly Condition[] = job.status?.conditions ?? [];
  return conditions.find((condition) => condition.type === type && condition.status === 'True');
}

function hasEnough({ spec }: KubeObject, pods: readonly KubeObject[], tally: JobTally): boolean {
  if (spec.completions === undefined) return tally.succeeded > 0 && !pods.some(isActive);
  const done = spec.completionMode === 'Indexed' ? tally.completedIndexes.size : tally.succeeded;
  return done >= spec.completions;
}

/** Failed pods; where containers are restarted in place, their restarts too. */
function failures({ spec }: KubeObject, pods: readonly KubeObject[], tally: JobTally): number {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return tally.failed;
  const statuses = pods.filter(isActive).flatMap(({ status }) => status?.containerStatuses ?? []);
  return tally.failed + statuses.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0);
}
