/** Waits until one of a pod's containers can be used. */
import { type Cluster, ClusterError, type ExecEnd } from '../cluster/cluster.ts';
import type { PodFollower } from './follow-pod.ts';
import type { ContainerStatus, Pod } from './pod.ts';

/** A container that may come to run, and a command that tells: it ends with status 0. */
export interface Awaited {
  readonly container: string;
  readonly image: string;
  readonly trial: readonly string[];
}

/** None of the containers will run; `reasons` says why, one for each. */
export class NoneStarted extends Error {
  readonly reasons: readonly string[];
  constructor(message: string, reasons: readonly string[]) {
    super(message);
    this.name = 'NoneStarted';
    this.reasons = reasons;
  }
}

/** What is waited for, and how long. */
export interface Wait {
  readonly follower: PodFollower;
  readonly awaited: readonly Awaited[];
  /** Picks the awaited containers' states out of the pod. */
  readonly statuses: (pod: Pod) => readonly ContainerStatus[];
  /** When to give up, as of Date.now(). */
  readonly until: number;
  /** Asked now and then while there is no pod: why none is made, if that is known. */
  readonly whyNoPod?: () => Promise<string | undefined>;
  readonly signal?: AbortSignal;
}

const TRIAL_DEADLINE = 5000;
/** Milliseconds. */
const ASK_EVERY = 700;
const FIRST_PAUSE = 30;
const LONGEST_PAUSE = 1000;
/** Reasons of a waiting container that will not pass by themselves soon. */
const HOPELESS =
  /^(ErrImage|ImagePullBackOff|InvalidImageName|ImageInspectError|RegistryUnavailable|Create\w*Error|RunContainerError|CrashLoopBackOff)/;

/**
 * Resolves to the first container that runs. It is tried directly, since the pod's status follows up to a second later.
 * Throws NoneStarted, or ClusterError: `forbidden` when no pod is made, `timeout`, `aborted`.
 */
export async function awaitContainer(
  cluster: Cluster,
  { follower, awaited, statuses, until, whyNoPod, signal }: Wait,
): Promise<{ readonly pod: Pod; readonly found: Awaited }> {
  const failures = new Map<string, string>();
  let pause = FIRST_PAUSE;
  let last = 'no pod was made';
  for (let asked = Date.now(); Date.now() < until; pause = Math.min(pause * 1.3, LONGEST_PAUSE)) {
    if (signal?.aborted) throw new ClusterError('aborted', 'interrupted while waiting for a pod');
    const { pod } = follower;
    if (pod) {
      noteFailures(pod, statuses(pod), awaited, failures);
      if (failures.size === awaited.length) {
        throw new NoneStarted('no container could be started', [...failures.values()]);
      }
      for (const candidate of awaited.filter(({ container }) => !failures.has(container))) {
        const end = await tryContainer(cluster, pod, candidate, signal);
        if (end.kind === 'exited' && end.code === 0) return { pod, found: candidate };
        last = end.kind === 'exited' ? `the trial ended with status ${end.code}` : end.message;
      }
    } else if (whyNoPod && Date.now() - asked > ASK_EVERY) {
      const reason = await whyNoPod();
      if (reason !== undefined) throw new ClusterError('forbidden', reason);
      asked = Date.now();
    }
    await follower.changed(pause);
  }
  throw new ClusterError('timeout', `no container came to run in time: ${last}`);
}

function tryContainer(cluster: Cluster, pod: Pod, candidate: Awaited, signal?: AbortSignal): Promise<ExecEnd> {
  return cluster.exec({
    namespace: pod.metadata.namespace ?? '',
    pod: pod.metadata.name,
    container: candidate.container,
    command: candidate.trial,
    onStdout: () => {},
    deadline: TRIAL_DEADLINE,
    ...(signal ? { signal } : {}),
  });
}

function noteFailures(
  pod: Pod,
  statuses: readonly ContainerStatus[],
  awaited: readonly Awaited[],
  failures: Map<string, string>,
): void {
  for (const { container, image } of awaited) {
    const state = statuses.find(({ name }) => name === container)?.state;
    const waiting = state?.waiting;
    const ended =
      pod.status?.phase === 'Failed' ? { reason: pod.status.reason, message: pod.status.message } : undefined;
    const failed = state?.terminated ?? (HOPELESS.test(waiting?.reason ?? '') ? waiting : undefined) ?? ended;
    if (failed) failures.set(container, `${image}: ${[failed.reason, failed.message].filter(Boolean).join(': ')}`);
  }
}
