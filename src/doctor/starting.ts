/** Pods whose networks are still to be made: the kubelet tries again and again, and says why it fails in events. */
import type { EventFacts } from '../facts/snapshot.ts';
import { valueIn } from '../model/fact.ts';
import type { Case } from './case.ts';

/** For rules about what keeps a pod's networks from being made: why they have nothing to say of this case. */
export function hasNetworks(c: Case): string | undefined {
  if (c.target.kind !== 'pod') return 'the target is no pod';
  if (c.pod?.hostNetwork === true) return "the pod uses its node's network";
  return c.pod === undefined || awaitsNetworks(c) ? undefined : "the pod's networks were made";
}

/** The pod is on a node and has no address yet. */
export function awaitsNetworks(c: Case): boolean {
  return c.pod?.phase === 'Pending' && c.pod.node !== undefined && c.pod.podIPs.length === 0;
}

/** Why the last try to make the pod's networks failed. */
export function sandboxFailure(c: Case): EventFacts | undefined {
  const events = c.pod === undefined ? undefined : valueIn(c.pod.events);
  return events?.find((event) => event.reason === 'FailedCreatePodSandBox');
}
