/** A privileged pod on a node, from which the namespaces of the node and of its pods are entered. */
import { randomBytes } from 'node:crypto';
import { type Cluster, ClusterError } from '../cluster/cluster.ts';
import { awaitContainer, NoneStarted } from './await-container.ts';
import { startInContainer } from './exec.ts';
import { PodFollower } from './follow-pod.ts';
import { type Candidate, imageRounds, trialCommand } from './image.ts';
import { containerName, nodePodJob } from './node-pod-job.ts';
import type { Node } from './pod.ts';
import { removeJob } from './remove-job.ts';
import { AgentNotStarted, runAgent } from './run-agent.ts';
import { runCapture } from './run-capture.ts';
import type { Vantage } from './vantage.ts';

export interface NodePodOptions {
  readonly node: string;
  /** Where the Job and its pod are made. */
  readonly namespace: string;
  /** Id of this run of kmcast, for labels. */
  readonly run: string;
  /** `--image`. */
  readonly image?: string;
  /** Seconds until the cluster ends the pod; 180 unless given. Must be above the jobs' deadlines. */
  readonly seconds?: number;
  /** Told before anything is created. */
  readonly announce: (text: string) => void;
  readonly signal?: AbortSignal;
}

const SECONDS = 180;
/** Milliseconds for a pod whose image is there, and for one whose image is pulled. */
const START_TIME = 20_000;
const PULL_TIME = 120_000;

/**
 * Makes a node pod and waits until it can be used (some 0.3 s where the image is on the node). Rejects with ClusterError or
 * AgentNotStarted, with the reason, and leaves nothing behind then.
 */
export async function openNodePod(cluster: Cluster, options: NodePodOptions): Promise<Vantage> {
  const node = await readNode(cluster, options.node);
  const reasons: string[] = [];
  for (const round of imageRounds(options.image, node)) {
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

/** The node, for its images; undefined when it may not be read. */
async function readNode(cluster: Cluster, name: string): Promise<Node | undefined> {
  try {
    const node = await cluster.get<Node>(`/api/v1/nodes/${encodeURIComponent(name)}`);
    const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
    if (!ready || ready.status === 'True') return node;
    throw new AgentNotStarted(`node ${name} is not ready: ${ready.message ?? 'no reason given'}`, false);
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'forbidden') return undefined;
    throw error;
  }
}

async function openRound(cluster: Cluster, options: NodePodOptions, round: readonly Candidate[]): Promise<Vantage> {
  const { namespace, node, run, signal, announce } = options;
  const name = `kmcast-${randomBytes(4).toString('hex')}`;
  const seconds = options.seconds ?? SECONDS;
  const images = [...new Set(round.map(({ image }) => image))].join(' or ');
  announce(
    `creating privileged pod ${name} on node ${node} in namespace ${namespace}, removed after use (image ${images})`,
  );
  await cluster.create(
    `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`,
    nodePodJob({ name, namespace, node, run, seconds, candidates: round }),
  );
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
    const start = startInContainer(cluster, { namespace, pod: pod.metadata.name, container: found.container });
    return {
      kind: 'node-pod',
      description: `node pod ${name} on ${node}`,
      run: (job, onMessage, runSignal, control) => runAgent(start, job, 'node', onMessage, runSignal, control),
      capture: (job, taker, runSignal) => runCapture(start, job, 'node', taker, runSignal),
      close,
    };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

/** What the Job's controller says of the pod that it could not create: Pod Security, a quota, a webhook. */
async function whyNoPod(cluster: Cluster, namespace: string, name: string): Promise<string | undefined> {
  const events = await cluster
    .list<{ readonly metadata: { readonly name: string }; readonly reason?: string; readonly message?: string }>(
      `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`,
      { fieldSelector: `involvedObject.kind=Job,involvedObject.name=${name}` },
    )
    .catch(() => []);
  const message = events.find(({ reason }) => reason === 'FailedCreate')?.message;
  return message && `namespace ${namespace} refuses the node pod: ${message.replace(/^Error creating: /, '')}`;
}

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= act();
    return done;
  };
}
