/** How an agent in the node's pid namespace finds a pod: by its containers, else by its sandbox. */
import type { Enter } from '../../agent/protocol.ts';
import { containersOf, type PodObject } from '../api/pod.ts';

export function podEntry(pod: PodObject): Enter {
  return {
    kind: 'pod',
    containers: containersOf(pod)
      .filter((c) => c.state === 'running')
      .flatMap((c) => c.id ?? []),
    uid: pod.metadata.uid ?? '',
    name: pod.metadata.name,
    namespace: pod.metadata.namespace ?? 'default',
  };
}
