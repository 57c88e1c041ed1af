/** When a cluster has come to rest: everything that was asked of it is there. */
import type { KubeObject } from '../object.ts';
import type { Store } from '../store.ts';
import { LabError } from './lab-error.ts';

const WATCHED = ['nodes', 'pods', 'daemonsets.apps', 'events'];

/**
 * Resolves when all nodes and pods are Ready and every DaemonSet has its pods. Throws LabError, with what the first one that is
 * not ready says, when that takes longer than `patience` ms.
 */
export function settled(store: Store, patience: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (unsettled(store) === undefined) end(resolve);
    };
    const end = (how: () => void): void => {
      stop();
      clearTimeout(timer);
      how();
    };
    const timer = setTimeout(() => {
      end(() => reject(new LabError(`after ${patience / 1000} s ${unsettled(store)}`)));
    }, patience);
    const stop = store.subscribe(look, { resources: WATCHED });
    look();
  });
}

/** What is not ready yet, as a sentence. */
function unsettled(store: Store): string | undefined {
  const node = store.list('nodes').find((object) => !isReady(object));
  if (node !== undefined) return `the node ${node.metadata.name} is not Ready`;
  const set = store.list('daemonsets.apps').find(({ status }) => status?.numberReady !== store.list('nodes').length);
  const pod = store.list('pods').find((object) => !isReady(object));
  if (pod !== undefined) return `the pod ${pod.metadata.namespace}/${pod.metadata.name} is not Ready${why(store, pod)}`;
  return set === undefined ? undefined : `the DaemonSet ${set.metadata.name} has not all its pods`;
}

function isReady({ status }: KubeObject): boolean {
  const conditions: unknown = status?.conditions;
  if (!Array.isArray(conditions)) return false;
  return conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

/** The newest warning about it. */
function why(store: Store, { metadata }: KubeObject): string {
  const warning = store
    .list('events', metadata.namespace)
    .filter(({ type, involvedObject }) => type === 'Warning' && involvedObject?.uid === metadata.uid)
    .at(-1);
  return warning === undefined ? '' : `: ${warning.reason}: ${warning.message}`;
}
