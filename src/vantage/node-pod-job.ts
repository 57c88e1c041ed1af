/** The Job that makes a node pod: so that the cluster itself removes the pod when kmcast cannot. */
import { ownLabels } from '../cluster/owned.ts';
import { type Candidate, holderCommand } from './image.ts';

/** What a node pod's Job is made of. */
export interface NodePodJob {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  /** Id of this run of kmcast, for its labels. */
  readonly run: string;
  /** The pod is ended by the cluster after so many seconds. */
  readonly seconds: number;
  readonly candidates: readonly Candidate[];
}

/** Seconds after its end until the cluster removes the Job and its pod. */
const TTL = 30;

/** The manifest (batch/v1). One container for each candidate image: those that cannot start do not hinder the others. */
export function nodePodJob({ name, namespace, node, run, seconds, candidates }: NodePodJob) {
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
          hostNetwork: true,
          hostPID: true,
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 0,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // With nodeName set no scheduler looks at it; the taint NoExecute would still evict it.
          tolerations: [{ operator: 'Exists' }],
          containers: candidates.map((candidate, index) => ({
            name: containerName(index),
            image: candidate.image,
            imagePullPolicy: candidate.pullPolicy,
            command: holderCommand(candidate.holder, seconds),
            // Entering other namespaces needs CAP_SYS_ADMIN and CAP_SYS_PTRACE, and no AppArmor profile in the way.
            securityContext: { privileged: true, runAsUser: 0, runAsNonRoot: false },
            // No resources: a kubelet 1.33+ takes requests of a container that could not start for a resize in place, and a
            // kubelet without cgroups for QoS crashes over that ("Missing actuated resource record", doPodResizeAction).
          })),
        },
      },
    },
  };
}

/** Name of the container for the candidate with this index. */
export function containerName(index: number): string {
  return `agent-${index}`;
}
