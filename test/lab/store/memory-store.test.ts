import { beforeEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../src/lab/store/memory-store.ts';
import type { Change, Store } from '../../../src/lab/store.ts';

let store: Store;
beforeEach(() => {
  store = createStore();
});

describe('creating', () => {
  it('fills in identity, and a name for generateName', () => {
    const made = store.create('pods', { metadata: { generateName: 'rx-', namespace: 'default' } });
    expect(made).toMatchObject({ apiVersion: 'v1', kind: 'Pod', metadata: { generation: 1 } });
    expect(made.metadata.name).toMatch(/^rx-[a-z0-9]{5}$/);
    expect(made.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(made.metadata.resourceVersion).toBe(store.version);
  });

  it('refuses what exists, and a namespace that does not, in the words of the API server', () => {
    pod('a');
    expect(() => pod('a')).toThrow('pods "a" already exists');
    expect(() => pod('a', {}, 'nowhere')).toThrow('namespaces "nowhere" not found');
  });

  it('shares nothing with whoever called', () => {
    const labels = { app: 'a' };
    const made = store.create('configmaps', { metadata: { name: 'a', namespace: 'default', labels } });
    labels.app = 'b';
    made.data = { changed: 'yes' };
    const kept = store.get('configmaps', 'default', 'a')!;
    expect(kept.metadata.labels).toEqual({ app: 'a' });
    expect(kept.data).toBeUndefined();
    expect(store.list('configmaps', 'default')[0]).not.toBe(store.list('configmaps', 'default')[0]);
  });

  it('knows the kinds that a CustomResourceDefinition adds', () => {
    store.create('customresourcedefinitions.apiextensions.k8s.io', {
      metadata: { name: 'ippools.whereabouts.cni.cncf.io' },
      spec: {
        group: 'whereabouts.cni.cncf.io',
        scope: 'Namespaced',
        names: { plural: 'ippools', kind: 'IPPool' },
        versions: [{ name: 'v1alpha1', served: true, storage: true }],
      },
    });
    const made = store.create('ippools.whereabouts.cni.cncf.io', { metadata: { name: 'a', namespace: 'default' } });
    expect(made).toMatchObject({ apiVersion: 'whereabouts.cni.cncf.io/v1alpha1', kind: 'IPPool' });
  });
});

describe('changing', () => {
  it('raises the version over all kinds, and the generation with the spec only', () => {
    const made = pod('a');
    store.create('nodes', { metadata: { name: 'node1' } });
    const status = store.mutate('pods', 'default', 'a', (a) => {
      a.status = { phase: 'Running' };
    });
    expect(Number(status.metadata.resourceVersion)).toBe(Number(made.metadata.resourceVersion) + 2);
    expect(status.metadata.generation).toBe(1);
    const bound = store.mutate('pods', 'default', 'a', (a) => {
      a.spec.nodeName = 'node1';
    });
    expect(bound.metadata.generation).toBe(2);
  });

  it('tells nobody when nothing changed', () => {
    pod('a');
    const told = record();
    store.mutate('pods', 'default', 'a', (a) => {
      a.spec.restartPolicy = 'Always';
    });
    expect(told).toEqual([]);
  });

  it('keeps the identity', () => {
    const made = pod('a');
    const after = store.mutate('pods', 'default', 'a', (a) => {
      a.kind = 'Other';
      Object.assign(a.metadata, { name: 'b', uid: 'x', deletionTimestamp: 'now', labels: { changed: 'yes' } });
    });
    expect(after).toMatchObject({ kind: 'Pod', metadata: { name: 'a', uid: made.metadata.uid } });
    expect(after.metadata.deletionTimestamp).toBeUndefined();
  });

  it('throws for what is not there', () => {
    expect(() => store.mutate('deployments.apps', 'default', 'a', () => undefined)).toThrow(
      'deployments.apps "a" not found',
    );
  });
});

describe('removing', () => {
  it('waits for the kubelet of a bound pod', () => {
    const { uid } = pod('a', { nodeName: 'node1' }).metadata;
    expect(store.remove('pods', 'default', 'a').metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
    expect(store.get('pods', 'default', 'a')).toBeDefined();
    store.purge('pods', 'default', 'a', 'another');
    expect(store.get('pods', 'default', 'a')).toBeDefined();
    store.purge('pods', 'default', 'a', uid);
    expect(store.get('pods', 'default', 'a')).toBeUndefined();
  });

  it('shortens a grace period and never prolongs it', () => {
    pod('a', { nodeName: 'node1' });
    store.remove('pods', 'default', 'a', { grace: 5 });
    expect(store.remove('pods', 'default', 'a', { grace: 9 }).metadata.deletionGracePeriodSeconds).toBe(5);
    store.remove('pods', 'default', 'a', { grace: 0 });
    expect(store.get('pods', 'default', 'a')).toBeUndefined();
  });

  it.each([
    ['not bound', {}, {}],
    ['ended', { nodeName: 'node1' }, { phase: 'Succeeded' }],
  ])('takes a pod that is %s at once', (_, spec, status) => {
    pod('a', spec);
    store.mutate('pods', 'default', 'a', (a) => void Object.assign(a.status, status));
    store.remove('pods', 'default', 'a');
    expect(store.get('pods', 'default', 'a')).toBeUndefined();
  });

  it('holds what has finalizers until they are gone', () => {
    store.create('configmaps', { metadata: { name: 'a', namespace: 'default', finalizers: ['x/y'] } });
    store.remove('configmaps', 'default', 'a');
    expect(store.get('configmaps', 'default', 'a')?.metadata.deletionTimestamp).toBeDefined();
    const told = record();
    store.mutate('configmaps', 'default', 'a', (a) => {
      a.metadata.finalizers = [];
    });
    expect(told.map(({ type }) => type)).toEqual(['DELETED']);
  });

  it('refuses another object of the same name', () => {
    const { uid } = pod('a').metadata;
    expect(() => store.remove('pods', 'default', 'a', { uid: 'old' })).toThrow(
      `Operation cannot be fulfilled on pods "a": Precondition failed: UID in precondition: old, UID in object meta: ${uid}`,
    );
  });

  it('makes a namespace Terminating, in which nothing new begins, until its finalizer is gone', () => {
    store.create('namespaces', { metadata: { name: 'a' } });
    expect(store.remove('namespaces', undefined, 'a').status.phase).toBe('Terminating');
    expect(() => pod('b', {}, 'a')).toThrow(
      'pods "b" is forbidden: unable to create new content in namespace a because it is being terminated',
    );
    store.mutate('namespaces', undefined, 'a', (a) => {
      a.spec.finalizers = [];
    });
    expect(store.get('namespaces', undefined, 'a')).toBeUndefined();
  });
});

describe('dependents', () => {
  it('go before their owner in the foreground', () => {
    const owner = store.create('replicasets.apps', { metadata: { name: 'a', namespace: 'default' }, spec: {} });
    const child = pod('a-1', { nodeName: 'node1' }, 'default', owner.metadata.uid);
    store.remove('replicasets.apps', 'default', 'a', { propagation: 'Foreground' });
    expect(store.get('replicasets.apps', 'default', 'a')?.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(store.get('pods', 'default', 'a-1')?.metadata.deletionTimestamp).toBeDefined();
    store.purge('pods', 'default', 'a-1', child.metadata.uid);
    expect(store.get('replicasets.apps', 'default', 'a')).toBeUndefined();
  });

  it('are disowned where they shall be orphans', () => {
    const owner = store.create('replicasets.apps', { metadata: { name: 'a', namespace: 'default' }, spec: {} });
    pod('a-1', {}, 'default', owner.metadata.uid);
    store.remove('replicasets.apps', 'default', 'a', { propagation: 'Orphan' });
    expect(store.get('pods', 'default', 'a-1')?.metadata.ownerReferences).toBeUndefined();
  });
});

describe('telling', () => {
  it('keeps the order for all when a listener makes changes itself', () => {
    store.subscribe((change) => {
      if (change.type === 'ADDED')
        store.mutate('pods', 'default', 'a', (a) => {
          a.spec.nodeName = 'node1';
        });
    });
    const told = record();
    pod('a');
    expect(told.map(({ type, object }) => [type, object.spec.nodeName])).toEqual([
      ['ADDED', undefined],
      ['MODIFIED', 'node1'],
    ]);
  });

  it('replays what exists, once, and only the resources asked for', () => {
    pod('a');
    const told: Change[] = [];
    const end = store.subscribe((change) => told.push(change), { resources: ['pods'], replay: true });
    store.create('configmaps', { metadata: { name: 'a', namespace: 'default' } });
    pod('b');
    end();
    pod('c');
    expect(told.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual(['ADDED a', 'ADDED b']);
  });

  it('lists in the order of namespace and name', () => {
    for (const [name, namespace] of [
      ['b', 'kube-system'],
      ['b', 'default'],
      ['a', 'kube-system'],
    ] as const) {
      pod(name, {}, namespace);
    }
    const names = store.list('pods').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(names).toEqual(['default/b', 'kube-system/a', 'kube-system/b']);
  });
});

function pod(name: string, spec: object = {}, namespace = 'default', owner?: string) {
  const ownerReferences =
    owner === undefined ? [] : [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'a', uid: owner }];
  return store.create('pods', { metadata: { name, namespace, ownerReferences }, spec });
}

function record(): Change[] {
  const told: Change[] = [];
  store.subscribe((change) => told.push(change));
  return told;
}
