/** Removing a node pod, at once and for good. */
import type { Cluster } from '../cluster/cluster.ts';
import type { PodFollower } from './follow-pod.ts';
import { podPath } from './pod.ts';

/** Milliseconds that are waited for the pod to be gone; after that the cluster finishes by itself. */
const PARTING = 2000;

/**
 * Deletes the Job, which lets its controller take its finalizer off the pod, and the pod without grace. In this order it takes
 * some 50 ms; the Job alone is not enough, since the pod then waits for the kubelet. Resolves when the pod is gone.
 */
export async function removeJob(
  cluster: Cluster,
  namespace: string,
  name: string,
  follower: PodFollower,
): Promise<void> {
  await cluster.delete(`/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs/${name}`, {
    propagationPolicy: 'Background',
  });
  try {
    // Right after the Job was made, its pod may be on its way.
    const until = Date.now() + PARTING;
    let asked = false;
    while (!follower.gone && Date.now() < until) {
      const { pod } = follower;
      if (!pod && Date.now() > until - PARTING + NO_POD) break;
      if (pod && !asked) {
        asked = true;
        await cluster.delete(podPath(namespace, pod.metadata.name), { gracePeriodSeconds: 0 });
      } else {
        await follower.changed(50);
      }
    }
  } finally {
    follower.stop();
  }
}

/** Milliseconds after which a pod that was not seen will not come. */
const NO_POD = 300;
