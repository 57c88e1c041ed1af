import type { KubeObject } from '../../../src/lab/object.ts';
import { timestamp } from '../../../src/lab/store/names.ts';
import type { Store } from '../../../src/lab/store.ts';

/** A scheduler, a kubelet and a namespace controller that only say that all is well. */
export class FakeKubelet {
  readonly #store: Store;
  readonly stop: () => void;

  constructor(store: Store) {
    this.#store = store;
    this.stop = store.subscribe(({ type, resource, object }) => {
      if (type === 'DELETED') return;
      if (resource === 'pods') setTimeout(() => this.#pod(object), 20);
      if (resource === 'namespaces' && object.metadata.deletionTimestamp) setTimeout(() => this.#empty(object), 20);
    });
  }

  #pod({ metadata, spec, status }: KubeObject): void {
    const { namespace, name, uid } = metadata;
    if (this.#store.get('pods', namespace, name)?.metadata.uid !== uid) return;
    if (metadata.deletionTimestamp) this.#store.purge('pods', namespace, name, uid);
    else if (!spec.nodeName) {
      this.#store.mutate('pods', namespace, name, (pod) => {
        pod.spec.nodeName = 'node1';
      });
    } else if (status.phase === 'Pending') this.#run(name, namespace ?? '', uid);
  }

  #run(name: string, namespace: string, uid: string): void {
    const startedAt = timestamp();
    this.#store.mutate('pods', namespace, name, (pod) => {
      const containerStatuses = pod.spec.containers.map((container: KubeObject) => ({
        name: container.name,
        image: container.image,
        ready: true,
        restartCount: 0,
        state: { running: { startedAt } },
      }));
      const address = { podIP: '10.44.1.5', podIPs: [{ ip: '10.44.1.5' }], hostIP: '192.168.40.11' };
      const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: startedAt }];
      pod.status = { ...pod.status, ...address, phase: 'Running', conditions, containerStatuses };
    });
    this.#store.create('events', {
      metadata: { generateName: `${name}.`, namespace },
      involvedObject: { kind: 'Pod', apiVersion: 'v1', namespace, name, uid },
      type: 'Normal',
      reason: 'Started',
      message: `Started container ${name}`,
      source: { component: 'kubelet', host: 'node1' },
      firstTimestamp: startedAt,
      lastTimestamp: startedAt,
      count: 1,
    });
  }

  #empty({ metadata }: KubeObject): void {
    if (this.#store.get('namespaces', undefined, metadata.name) === undefined) return;
    this.#store.mutate('namespaces', undefined, metadata.name, (namespace) => {
      namespace.spec.finalizers = [];
    });
  }
}
