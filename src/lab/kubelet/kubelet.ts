/** The kubelet of one node: what is in the store, it does. */
import { recordEvent } from '../control/events.ts';
import type { KubeObject } from '../object.ts';
import type { Node, Places } from '../place.ts';
import type { PodNetworks } from '../pod-networks.ts';
import type { Change, Store } from '../store.ts';
import type { KubeletContext } from './context.ts';
import { announceImages } from './node-images.ts';
import { PodWorker } from './pod-worker.ts';
import { putScripts } from './scripts.ts';
import { limiter } from './wait.ts';

export interface KubeletOptions {
  readonly store: Store;
  readonly node: Node;
  readonly places: Pick<Places, 'manyUsers'>;
  readonly networks: PodNetworks;
  /** Patterns as of --allowed-unsafe-sysctls: `net.ipv4.conf.all.rp_filter`, `net.*`. */
  readonly allowedSysctls?: readonly string[];
  /** Milliseconds before the second restart of a container, doubled for each further one; 10 s as the real one. */
  readonly backoff?: number;
}

export interface Kubelet {
  readonly node: Node;
  /** The pod that it runs under this name. */
  pod(namespace: string, name: string): PodWorker | undefined;
  /** Ends all pods at once, and takes them out of the store. */
  close(): Promise<void>;
}

/** Pods set up at a time on a node: each takes some processes for a moment. */
const AT_ONCE = 6;

export function startKubelet(options: KubeletOptions): Kubelet {
  const { store, node } = options;
  const context: KubeletContext = {
    store,
    node,
    networks: options.networks,
    manyUsers: options.places.manyUsers,
    allowedSysctls: options.allowedSysctls ?? [],
    backoff: options.backoff ?? 10_000,
    limit: limiter(AT_ONCE),
    event: (pod, type, reason, message) => recordEvent(store, pod, type, reason, message, 'kubelet', node.name),
  };
  putScripts(node);
  const workers = new Map<string, PodWorker>();

  const begin = (pod: KubeObject) => {
    const former = find(workers, pod.metadata.namespace ?? '', pod.metadata.name)?.done ?? Promise.resolve();
    const worker = new PodWorker(context, pod, former);
    workers.set(worker.uid, worker);
    void worker.done.finally(() => workers.delete(worker.uid));
    if (pod.metadata.deletionTimestamp !== undefined) worker.update(pod);
  };
  const hear = ({ type, object: pod }: Change) => {
    const worker = workers.get(pod.metadata.uid);
    if (worker !== undefined) type === 'DELETED' ? worker.remove(0) : worker.update(pod);
    else if (type !== 'DELETED' && pod.spec?.nodeName === node.name) begin(pod);
  };
  const silence = announceImages(store, node.name);
  const end = store.subscribe(hear, { resources: ['pods'], replay: true });

  return {
    node,
    pod: (namespace, name) => find(workers, namespace, name),
    async close() {
      silence();
      end();
      for (const worker of workers.values()) worker.remove(0);
      await Promise.all([...workers.values()].map(({ done }) => done));
    },
  };
}

/** The newest of that name. */
function find(workers: ReadonlyMap<string, PodWorker>, namespace: string, name: string): PodWorker | undefined {
  return [...workers.values()].findLast(
    ({ pod: { metadata } }) => metadata.namespace === namespace && metadata.name === name,
  );
}
