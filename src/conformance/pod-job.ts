/** The Job of a throw-away pod, which has no privilege: it fits Pod Security `restricted`, but for hostNetwork where that is asked for. */
import { type Candidate, holderCommand } from '../vantage/image.ts';
import { containerName, type JobWishes, jobOf } from '../vantage/job.ts';

export interface PlainPodJob extends JobWishes {
  readonly hostNetwork: boolean;
  /** User that runs in it: namespaces of OpenShift allow their own range alone. */
  readonly user: number;
  readonly candidates: readonly Candidate[];
}

/** The manifest (batch/v1). */
export function plainPodJob({ hostNetwork, user, candidates, ...wishes }: PlainPodJob) {
  return jobOf(wishes, {
    ...(hostNetwork ? { hostNetwork } : {}),
    securityContext: { runAsNonRoot: true, runAsUser: user, seccompProfile: { type: 'RuntimeDefault' } },
    containers: candidates.map((candidate, index) => ({
      name: containerName(index),
      image: candidate.image,
      imagePullPolicy: candidate.pullPolicy,
      command: holderCommand(candidate.holder, wishes.seconds),
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    })),
  });
}

/** `nobody`, or the first user that the namespace's annotation of OpenShift allows (`1000650000/10000`). */
export function userFor(annotations: Readonly<Record<string, string>> | undefined): number {
  const first = Number.parseInt(annotations?.['openshift.io/sa.scc.uid-range'] ?? '', 10);
  return Number.isNaN(first) ? NOBODY : first;
}

const NOBODY = 65_534;
