/** The image of a fleet: one that every node has, and in which Python runs; found by trying on one node. */
import { randomBytes } from 'node:crypto';
import { type Cluster, ClusterError } from '../cluster/cluster.ts';
import { PodFollower } from '../vantage/follow-pod.ts';
import { DEFAULT_IMAGE, likelyImages } from '../vantage/image.ts';
import { containerName, jobOf } from '../vantage/job.ts';
import type { Node } from '../vantage/pod.ts';
import { removeJob } from '../vantage/remove-job.ts';
import type { Crew } from './manifest.ts';
import type { FleetPod } from './pod.ts';

export type Image = Pick<Crew, 'image' | 'pullPolicy'>;

interface Trial {
  readonly namespace: string;
  readonly run: string;
  readonly announce: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Images that are tried, side by side in one pod. */
const MOST = 3;
/** What the agent needs of Python. */
const NEEDS = 'import sys, json, select, signal, socket, struct, time\nsys.exit(sys.version_info < (3, 6))';
/** Seconds, and milliseconds. */
const SECONDS = 60;
const PATIENCE = 20_000;

/** The likeliest image that all nodes have and that runs Python; the documented default, to be pulled, when there is none. */
export async function fleetImage(cluster: Cluster, nodes: readonly Node[], trial: Trial): Promise<Image> {
  const images = commonImages(nodes).slice(0, MOST);
  const found = images.length === 0 ? undefined : await tryImages(cluster, images, nodes[0]!.metadata.name, trial);
  return found === undefined
    ? { image: DEFAULT_IMAGE, pullPolicy: 'IfNotPresent' }
    : { image: found, pullPolicy: 'Never' };
}

/** Likeliest first. A kubelet tells at most 50 of its images (nodeStatusMaxImages): one that is not told by all is passed over. */
export function commonImages(nodes: readonly Node[]): string[] {
  const [first, ...others] = nodes;
  const sets = others.map((node) => new Set((node.status?.images ?? []).flatMap(({ names }) => names ?? [])));
  return likelyImages(first).filter((image) => sets.every((set) => set.has(image)));
}

async function tryImages(
  cluster: Cluster,
  images: readonly string[],
  node: string,
  { namespace, run, announce, signal }: Trial,
): Promise<string | undefined> {
  const name = `kmcast-${randomBytes(4).toString('hex')}`;
  announce(
    `creating pod ${name} on node ${node} in namespace ${namespace} to see which image has Python (${images.join(', ')}), removed after use`,
  );
  const containers = images.map((image, index) => ({
    name: containerName(index),
    image,
    imagePullPolicy: 'Never',
    command: ['python3', '-ES', '-c', NEEDS],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  }));
  const wishes = { name, namespace, node, run, seconds: SECONDS };
  await cluster.create(
    `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`,
    jobOf(wishes, { containers }),
  );
  const follower = new PodFollower(cluster, namespace, { labelSelector: `job-name=${name}` }, SECONDS * 1000);
  try {
    for (const until = Date.now() + PATIENCE; Date.now() < until; await follower.changed(500)) {
      if (signal.aborted) throw new ClusterError('aborted', 'interrupted while looking for an image');
      const ends = images.map((_, index) => runs(follower.pod, containerName(index)));
      const good = ends.indexOf(true);
      if (good >= 0 && ends.slice(0, good).every((end) => end === false)) return images[good];
      if (ends.every((end) => end === false)) return undefined;
    }
    return undefined;
  } finally {
    await removeJob(cluster, namespace, name, follower);
  }
}

/** Whether it ran well; undefined when that is not known yet. */
function runs(pod: FleetPod | undefined, container: string): boolean | undefined {
  const state = pod?.status?.containerStatuses?.find(({ name }) => name === container)?.state;
  const code = state?.terminated?.exitCode;
  if (code !== undefined) return code === 0;
  return /^(Err|Invalid|Create\w*Error|RunContainerError)/.test(state?.waiting?.reason ?? '') ? false : undefined;
}
