/** Jobs (kubernetes/pkg/controller/job and ttlafterfinished): pods until as many succeeded as asked for, or too many failed. */
import type { KubeObject } from '../object.ts';
import { timestamp } from '../store/names.ts';
import { withCondition } from './conditions.ts';
import type { Controller } from './controller.ts';
import { recordEvent } from './events.ts';
import { nextIndexes, writeIndexes } from './job-indexes.ts';
import { INDEX, indexOf, JobTally } from './job-tally.ts';
import { conditionOf, untilDeadline, type Verdict, verdictOn } from './job-verdict.ts';
import { ownedBy } from './owned.ts';
import { createPod, deletePod, isActive, isOver, isReady, type PodMaker } from './pods.ts';
import { setStatus } from './status.ts';

export const JOBS = 'jobs.batch';

export function jobController(maker: PodMaker): Controller {
  const { store } = maker;
  const tallies = new Map<string, JobTally>();
  return {
    resource: JOBS,
    kind: 'Job',
    owned: ['pods'],
    forget: (uid) => void tallies.delete(uid),
    reconcile(job, again) {
      if (job.metadata.deletionTimestamp !== undefined) return;
      const end = conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed');
      if (end !== undefined) {
        removeWhenDue(maker, job, end.lastTransitionTime, again);
        return;
      }
      const tally = tallies.get(job.metadata.uid) ?? new JobTally();
      tallies.set(job.metadata.uid, tally);
      tally.note(ownedBy(store, 'pods', job));
      const verdict = verdictOn(job, ownedBy(store, 'pods', job), tally);
      const isSuspended = job.spec.suspend === true;
      const startTime = isSuspended ? undefined : (job.status?.startTime ?? timestamp());
      try {
        if (verdict !== undefined || isSuspended) stopAll(maker, job);
        else keepGoing(maker, job, tally, again);
      } finally {
        const pods = ownedBy(store, 'pods', job);
        tally.note(pods);
        setStatus(store, JOBS, job, statusOf(maker, job, pods, tally, verdict, startTime));
      }
      const left = untilDeadline(job, startTime);
      if (Number.isFinite(left)) again(Math.max(0, left));
    },
  };
}

function stopAll(maker: PodMaker, job: KubeObject): void {
  for (const pod of ownedBy(maker.store, 'pods', job).filter(isActive)) deletePod(maker, job, pod);
}

function keepGoing(maker: PodMaker, job: KubeObject, tally: JobTally, again: (milliseconds: number) => void): void {
  const { spec } = job;
  const active = ownedBy(maker.store, 'pods', job).filter(isActive);
  const parallelism: number = spec.parallelism ?? 1;
  // Without a number of completions, the first success says that no more work is left.
  const open =
    spec.completions === undefined
      ? tally.succeeded > 0
        ? active.length
        : parallelism
      : spec.completions - tally.succeeded;
  const missing = Math.min(parallelism, open) - active.length;
  for (const pod of missing < 0 ? active.slice(missing) : []) deletePod(maker, job, pod);
  if (missing <= 0) return;
  const pause = tally.untilRetry();
  if (pause > 0) {
    again(pause);
    return;
  }
  if (spec.completionMode !== 'Indexed') {
    for (let i = 0; i < missing; i++) createPod(maker, job);
    return;
  }
  const taken = new Set([...tally.completedIndexes, ...active.flatMap((pod) => indexOf(pod) ?? [])]);
  for (const index of nextIndexes(spec.completions ?? 0, taken, missing)) createIndexed(maker, job, index);
}

function createIndexed(maker: PodMaker, job: KubeObject, index: number): void {
  const name = `${job.metadata.name}-${index}`;
  const valueFrom = { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${INDEX}']` } };
  const containers: Record<string, unknown>[] = job.spec.template.spec.containers;
  createPod(maker, job, {
    generateName: `${name}-`,
    labels: { [INDEX]: String(index) },
    annotations: { [INDEX]: String(index) },
    spec: {
      hostname: name,
      containers: containers.map((container) => ({
        ...container,
        env: [...(Array.isArray(container.env) ? container.env : []), { name: 'JOB_COMPLETION_INDEX', valueFrom }],
      })),
    },
  });
}

function statusOf(
  maker: PodMaker,
  job: KubeObject,
  pods: readonly KubeObject[],
  tally: JobTally,
  verdict: Verdict | undefined,
  startTime: string | undefined,
): Record<string, unknown> {
  const active = pods.filter(isActive);
  const terminating = pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined && !isOver(pod)).length;
  const isEnd = verdict !== undefined && active.length === 0 && terminating === 0;
  if (isEnd) announce(maker, job, verdict);
  return {
    ...(active.length === 0 ? {} : { active: active.length }),
    ready: active.filter(isReady).length,
    terminating,
    ...(tally.succeeded === 0 ? {} : { succeeded: tally.succeeded }),
    ...(tally.failed === 0 ? {} : { failed: tally.failed }),
    ...(job.spec.completionMode === 'Indexed' ? { completedIndexes: writeIndexes(tally.completedIndexes) } : {}),
    ...(startTime === undefined ? {} : { startTime }),
    ...(isEnd && verdict.type === 'Complete' ? { completionTime: timestamp() } : {}),
    uncountedTerminatedPods: {},
    ...conditionsOf(job, verdict, isEnd),
  };
}

/** First that the end is decided, then, when no pod runs any more, that it is there. */
function conditionsOf(job: KubeObject, verdict: Verdict | undefined, isEnd: boolean): Record<string, unknown> {
  const add = (list: Parameters<typeof withCondition>[0], type: string, status: string, why: Omit<Verdict, 'type'>) =>
    withCondition(list, { type, status, reason: why.reason, message: why.message }, ['lastProbeTime']);
  let list = job.status?.conditions;
  if (job.spec.suspend === true) {
    list = add(list, 'Suspended', 'True', { reason: 'JobSuspended', message: 'Job suspended' });
  } else if (conditionOf(job, 'Suspended') !== undefined) {
    list = add(list, 'Suspended', 'False', { reason: 'JobResumed', message: 'Job resumed' });
  }
  if (verdict !== undefined) {
    list = add(list, verdict.type === 'Failed' ? 'FailureTarget' : 'SuccessCriteriaMet', 'True', verdict);
    if (isEnd) list = add(list, verdict.type, 'True', verdict);
  }
  return list === undefined ? {} : { conditions: list };
}

function announce({ store, component }: PodMaker, job: KubeObject, verdict: Verdict): void {
  if (verdict.type === 'Complete') recordEvent(store, job, 'Normal', 'Completed', 'Job completed', component);
  else recordEvent(store, job, 'Warning', verdict.reason, verdict.message, component);
}

function removeWhenDue(
  { store }: PodMaker,
  job: KubeObject,
  endTime: string | undefined,
  again: (milliseconds: number) => void,
): void {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined) return;
  const left = Date.parse(endTime ?? '') + ttlSecondsAfterFinished * 1000 - Date.now();
  if (left > 0) {
    again(left);
    return;
  }
  const { namespace, name, uid } = job.metadata;
  store.remove(JOBS, namespace, name, { uid, propagation: 'Foreground' });
}
