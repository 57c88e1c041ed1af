/** Pods as their controllers see them: made from a template, judged by their status. */
import type { KubeObject, NewObject } from '../object.ts';
import { StatusError, type Store } from '../store.ts';
import { recordEvent } from './events.ts';
import { ownerReference } from './owned.ts';

/** What the API server would refuse (Pod Security admission): throws StatusError. */
export type Admit = (pod: NewObject) => void;

/** How a controller's pods are made, and in whose name events tell of it. */
export interface PodMaker {
  readonly store: Store;
  readonly component: string;
  readonly admit: Admit;
}

export interface PodWishes {
  /** Instead of a name of the owner's and five letters. */
  readonly name?: string;
  readonly generateName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Over what the template says. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Throws StatusError where the pod is refused, after an event that says so. */
export function createPod(maker: PodMaker, owner: KubeObject, wishes: PodWishes = {}): KubeObject {
  const { template } = owner.spec;
  const { name, generateName = `${owner.metadata.name}-` } = wishes;
  const pod: NewObject = {
    metadata: {
      ...(name === undefined ? { generateName } : { name, generateName }),
      namespace: owner.metadata.namespace ?? 'default',
      labels: { ...template.metadata?.labels, ...wishes.labels },
      annotations: { ...template.metadata?.annotations, ...wishes.annotations },
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...structuredClone(template.spec), ...wishes.spec },
  };
  const { store, component } = maker;
  try {
    maker.admit(pod);
    const made = store.create('pods', pod);
    const said = `Created pod: ${made.metadata.name}`;
    recordEvent(store, owner, 'Normal', 'SuccessfulCreate', said, component);
    return made;
  } catch (error) {
    if (error instanceof StatusError) {
      recordEvent(store, owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`, component);
    }
    throw error;
  }
}

/** Nothing happens where it is gone already. */
export function deletePod({ store, component }: PodMaker, owner: KubeObject, pod: KubeObject): void {
  const { namespace, name, uid, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined || store.get('pods', namespace, name)?.metadata.uid !== uid) return;
  store.remove('pods', namespace, name, { uid });
  recordEvent(store, owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`, component);
}

/** Neither at its end nor on its way to it. */
export function isActive(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp === undefined && !isOver(pod);
}

/** Its containers have ended for good. */
export function isOver({ status }: KubeObject): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export function isReady(pod: KubeObject): boolean {
  return readyCondition(pod)?.status === 'True';
}

/** Milliseconds until the pod counts as available: 0 for one that does, Infinity for one that is not ready. */
export function untilAvailable(pod: KubeObject, minReadySeconds: number): number {
  if (!isReady(pod)) return Number.POSITIVE_INFINITY;
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(readyCondition(pod)?.lastTransitionTime ?? '');
  return Math.max(0, (Number.isNaN(since) ? Date.now() : since) + minReadySeconds * 1000 - Date.now());
}

function readyCondition(pod: KubeObject): { status?: string; lastTransitionTime?: string } | undefined {
  const conditions: { type?: string; status?: string; lastTransitionTime?: string }[] = pod.status?.conditions ?? [];
  return conditions.find(({ type }) => type === 'Ready');
}
