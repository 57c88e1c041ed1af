/** A pod of kmcast's on a node, made by a Job of its own, so that the cluster itself removes it when kmcast cannot. */
import { randomBytes } from 'node:crypto';
import { type Cluster, ClusterError } from '../cluster/cluster.ts';
import { awaitContainer, NoneStarted } from './await-container.ts';
import { PodFollower } from './follow-pod.ts';
import { type Candidate, trialCommand } from './image.ts';
import { containerName } from './job.ts';
import type { Pod } from './pod.ts';
import { whyNoPod, whyNotRunning } from './pod-events.ts';
import { removeJob } from './remove-job.ts';
import { AgentNotStarted } from './run-agent.ts';

export interface JobPodOptions {
  readonly node: string;
  /** Where the Job and its pod are made. */
  readonly namespace: string;
  /** Seconds until the cluster ends the pod. */
  readonly seconds: number;
  /** What may be run, tried round by round. */
  readonly rounds: readonly (readonly Candidate[])[];
  /** The Job (batch/v1) of that name, with a container for each candidate. */
  readonly job: (name: string, candidates: readonly Candidate[]) => object;
  /** Told before a Job is created. */
  readonly announce: (name: string, candidates: readonly Candidate[]) => void;
  readonly signal?: AbortSignal;
}

/** A pod with one container that runs. */
export interface JobPod {
  /** Of the Job. */
  readonly name: string;
  /** As first seen running: its status may not have followed yet. */
  readonly pod: Pod;
  readonly container: string;
  readonly candidate: Candidate;
  readonly follower: PodFollower;
  /** Removes Job and pod. May be called twice. */
  readonly close: () => Promise<void>;
}

/** Milliseconds for a pod whose image is there, and for one whose image is pulled. */
const START_TIME = 20_000;
const PULL_TIME = 120_000;

/**
 * Makes the pod and waits until it can be used (some 0.3 s where the image is on the node). Rejects with ClusterError or
 * AgentNotStarted, with the reason, and leaves nothing behind then.
 */
export async function openJobPod(cluster: Cluster, options: JobPodOptions): Promise<JobPod> {
  const reasons: string[] = [];
  for (const round of options.rounds) {
    try {
      return await openRound(cluster, options, round);
    } catch (error) {
      if (!(error instanceof NoneStarted)) throw error;
      reasons.push(...error.reasons);
    }
  }
  const tried = [...new Set(reasons)].join('; ');
  throw new AgentNotStarted(`no image could be run on node ${options.node} (${tried}); name one by --image`, false);
}

async function openRound(cluster: Cluster, options: JobPodOptions, round: readonly Candidate[]): Promise<JobPod> {
  const { namespace, seconds, signal } = options;
  const name = `kmcast-${randomBytes(4).toString('hex')}`;
  options.announce(name, round);
  await cluster.create(`/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`, options.job(name, round));
  const follower = new PodFollower(cluster, namespace, { labelSelector: `job-name=${name}` }, seconds * 1000);
  const close = once(() => removeJob(cluster, namespace, name, follower));
  try {
    const { pod, found } = await awaitContainer(cluster, {
      follower,
      awaited: round.map(({ image, holder }, index) => ({
        container: containerName(index),
        image,
        trial: trialCommand(holder),
      })),
      statuses: (pod) => pod.status?.containerStatuses ?? [],
      until: Date.now() + (round.some(({ pullPolicy }) => pullPolicy !== 'Never') ? PULL_TIME : START_TIME),
      whyNoPod: () => whyNoPod(cluster, namespace, name),
      ...(signal ? { signal } : {}),
    });
    const candidate = round.find((_, index) => containerName(index) === found.container)!;
    return { name, pod, container: found.container, candidate, follower, close };
  } catch (error) {
    const told = await explained(error, cluster, follower.pod, options.node);
    await close().catch(() => {});
    throw told;
  }
}

/** In place of `no container came to run in time`, what the kubelet says of the pod, where it says something. */
async function explained(error: unknown, cluster: Cluster, pod: Pod | undefined, node: string): Promise<unknown> {
  if (!(error instanceof ClusterError && error.kind === 'timeout') || pod === undefined) return error;
  const { namespace = '', name } = pod.metadata;
  const reason = await whyNotRunning(cluster, namespace, name);
  return reason === undefined ? error : new ClusterError('timeout', `no pod came to run on node ${node}: ${reason}`);
}

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= act();
    return done;
  };
}
