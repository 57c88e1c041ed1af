/** Whether the target's application runs at all. */
import type { ContainerFacts } from '../facts/snapshot.ts';
import type { Case } from './case.ts';

/** Containers that do not run though the pod's networks were made. While they were not, nothing can run, and other rules say why. */
export function idleContainers(c: Case): ContainerFacts[] {
  const pod = c.pod;
  if (
    pod === undefined ||
    (pod.phase === 'Pending' && pod.podIPs.length === 0) ||
    pod.statusReason === 'SysctlForbidden'
  )
    return [];
  return pod.containers.filter((container) => container.state === 'waiting' || container.state === 'terminated');
}

/** Why nobody in the pod can be a member: no container runs, or one does not and is the likely application. */
export function notRunning(c: Case): string | undefined {
  const [idle] = idleContainers(c);
  return idle === undefined || c.memberships.length > 0
    ? undefined
    : `container ${idle.name} does not run (${idle.reason ?? idle.state})`;
}
