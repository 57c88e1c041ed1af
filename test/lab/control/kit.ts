/** A store with all controllers, and kubelets that start and end pods at once. */
import { setImmediate as turn } from 'node:timers/promises';
import { startControllers } from '../../../src/lab/control/start-controllers.ts';
import type { KubeObject, NewObject } from '../../../src/lab/object.ts';
import { createStore } from '../../../src/lab/store/memory-store.ts';
import type { Store } from '../../../src/lab/store.ts';

export interface TestCluster {
  readonly store: Store;
  /** What new pods' containers do: run (and be ready) when nothing else is said. */
  behave: (pod: KubeObject) => 'ready' | 'unready' | 'Succeeded' | 'Failed';
  /** Pods end only when told to, not as soon as they are deleted. */
  holdsPods: boolean;
  pods(): KubeObject[];
  messages(name?: string): string[];
  close(): void;
}

export function startCluster(
  options: { readonly admit?: (pod: NewObject) => void; readonly nodes?: number } = {},
): TestCluster {
  const store = createStore();
  const nodes = Array.from({ length: options.nodes ?? 2 }, (_, i) => ({
    name: `node${i + 1}`,
    lan: `192.168.40.${11 + i}`,
    podCidr: `10.44.${i + 1}.0/24`,
  }));
  const controllers = startControllers(store, {
    nodes,
    ca: 'PEM',
    ...(options.admit === undefined ? {} : { admit: options.admit }),
  });
  const cluster: TestCluster = {
    store,
    behave: () => 'ready',
    holdsPods: false,
    pods: () => store.list('pods', 'default'),
    messages: (name) =>
      store
        .list('events', 'default')
        .filter((event) => name === undefined || event.involvedObject.name === name)
        .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map((event) => event.message),
    close: controllers.close,
  };
  store.subscribe(({ type, object }) => type !== 'DELETED' && kubelet(cluster, object), { resources: ['pods'] });
  return cluster;
}

/** Until nothing changes any more but by time. */
export async function settled(cluster: TestCluster): Promise<void> {
  for (let quiet = 0, version = ''; quiet < 5; ) {
    await turn();
    quiet = version === cluster.store.version ? quiet + 1 : 0;
    version = cluster.store.version;
  }
}

export function setReady(cluster: TestCluster, pod: KubeObject, isReady: boolean): void {
  cluster.store.mutate('pods', pod.metadata.namespace, pod.metadata.name, (current) => {
    current.status = { ...current.status, ...running(isReady) };
  });
}

export function finish(cluster: TestCluster, pod: KubeObject, phase: 'Succeeded' | 'Failed'): void {
  cluster.store.mutate('pods', pod.metadata.namespace, pod.metadata.name, (current) => {
    current.status = { ...current.status, phase, conditions: [] };
  });
}

export function template(labels: Record<string, string>, spec: object = {}): object {
  return { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'lab/app:1' }], ...spec } };
}

function running(isReady: boolean): object {
  const lastTransitionTime = new Date().toISOString();
  return {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime }],
  };
}

function kubelet(cluster: TestCluster, pod: KubeObject): void {
  const { namespace, name, uid, deletionTimestamp } = pod.metadata;
  if (!pod.spec.nodeName) return;
  if (deletionTimestamp !== undefined) {
    if (!cluster.holdsPods) cluster.store.purge('pods', namespace, name, uid);
    return;
  }
  if ((pod.status?.phase ?? 'Pending') !== 'Pending') return;
  const fate = cluster.behave(pod);
  if (fate === 'ready' || fate === 'unready') setReady(cluster, pod, fate === 'ready');
  else finish(cluster, pod, fate);
}
