/** The Job of a node pod. */
import { type Candidate, holderCommand } from './image.ts';
import { containerName, type JobWishes, jobOf } from './job.ts';

/** What a node pod's Job is made of. */
export interface NodePodJob extends JobWishes {
  readonly candidates: readonly Candidate[];
}

/** The manifest (batch/v1). One container for each candidate image: those that cannot start do not hinder the others. */
export function nodePodJob({ candidates, ...wishes }: NodePodJob) {
  return jobOf(wishes, {
    hostNetwork: true,
    hostPID: true,
    containers: candidates.map((candidate, index) => ({
      name: containerName(index),
      image: candidate.image,
      imagePullPolicy: candidate.pullPolicy,
      command: holderCommand(candidate.holder, wishes.seconds),
      // Entering other namespaces needs CAP_SYS_ADMIN and CAP_SYS_PTRACE, and no AppArmor profile in the way.
      securityContext: { privileged: true, runAsUser: 0, runAsNonRoot: false },
    })),
  });
}
