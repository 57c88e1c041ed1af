/** The Job around a pod of kmcast's: it ends and goes away by the cluster's own doing. */
import { ownLabels } from '../cluster/owned.ts';

/** What every Job of kmcast's is made of. */
export interface JobWishes {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  /** Id of this run of kmcast, for its labels. */
  readonly run: string;
  /** The pod is ended by the cluster after so many seconds. */
  readonly seconds: number;
}

/** Seconds after its end until the cluster removes the Job and its pod. */
const TTL = 30;

/**
 * The manifest (batch/v1) with a pod of these parts. No container may have `resources`: a kubelet 1.33+ takes requests of a container
 * that could not start for a resize in place, and a kubelet without cgroups for QoS crashes over that ("Missing actuated
 * resource record", doPodResizeAction).
 */
export function jobOf<Pod extends object>({ name, namespace, node, run, seconds }: JobWishes, pod: Pod) {
  const labels = ownLabels(run);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: seconds,
      ttlSecondsAfterFinished: TTL,
      template: {
        metadata: { labels },
        spec: {
          nodeName: node,
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 0,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // With nodeName set no scheduler looks at it; the taint NoExecute would still evict it.
          tolerations: [{ operator: 'Exists' }],
          ...pod,
        },
      },
    },
  };
}

/** Name of the container for the candidate image with this index. */
export function containerName(index: number): string {
  return `agent-${index}`;
}
