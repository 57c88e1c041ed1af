/** A privileged pod on a node, from which the namespaces of the node and of its pods are entered. */
import type { Cluster } from '../cluster/cluster.ts';
import { startInContainer } from './exec.ts';
import { imageRounds } from './image.ts';
import { openJobPod } from './job-pod.ts';
import { nodePodJob } from './node-pod-job.ts';
import { readNode } from './read-node.ts';
import { runAgent } from './run-agent.ts';
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

/** Makes a node pod and waits until it can be used. Rejects as `openJobPod` does, and leaves nothing behind then. */
export async function openNodePod(cluster: Cluster, options: NodePodOptions): Promise<Vantage> {
  const { namespace, node, run, image, signal, announce, seconds = SECONDS } = options;
  const { name, pod, container, close } = await openJobPod(cluster, {
    node,
    namespace,
    seconds,
    rounds: imageRounds(image, await readNode(cluster, node, namespace)),
    job: (name, candidates) => nodePodJob({ name, namespace, node, run, seconds, candidates }),
    announce: (name, candidates) => {
      const images = [...new Set(candidates.map((candidate) => candidate.image))].join(' or ');
      announce(
        `creating privileged pod ${name} on node ${node} in namespace ${namespace}, removed after use (image ${images})`,
      );
    },
    ...(signal ? { signal } : {}),
  });
  const start = startInContainer(cluster, { namespace, pod: pod.metadata.name, container });
  return {
    kind: 'node-pod',
    description: `node pod ${name} on ${node}`,
    run: (job, onMessage, runSignal, control) => runAgent(start, job, 'node', onMessage, runSignal, control),
    capture: (job, taker, runSignal) => runCapture(start, job, 'node', taker, runSignal),
    close,
  };
}
