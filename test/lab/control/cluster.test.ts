import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordEvent } from '../../../src/lab/control/events.ts';
import { settled, startCluster, type TestCluster } from './kit.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = startCluster();
});
afterEach(() => cluster.close());

function pod(name: string, spec: object = {}, namespace = 'default'): void {
  cluster.store.create('pods', {
    metadata: { name, namespace },
    spec: { containers: [{ name: 'app', image: 'lab/app:1' }], ...spec },
  });
}

const nodeOf = (name: string) => cluster.store.get('pods', 'default', name)?.spec.nodeName;

test('pods go where there are fewest, and an event says where', async () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    pod(name);
    await settled(cluster);
  }
  expect(['a', 'b', 'c', 'd'].map(nodeOf)).toEqual(['node1', 'node2', 'node1', 'node2']);
  expect(cluster.messages('a')).toEqual(['Successfully assigned default/a to node1']);
  const conditions = cluster.store.get('pods', 'default', 'a')?.status.conditions;
  expect(conditions.find((c: { type: string }) => c.type === 'PodScheduled')?.status ?? 'True').toBe('True');
});

test('selectors, affinities, taints and cordons are heeded', async () => {
  cluster.store.mutate('nodes', undefined, 'node2', ({ metadata, spec }) => {
    metadata.labels = { ...metadata.labels, zone: '7' };
    spec.taints = [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }];
  });
  const affinity = (key: string, operator: string, values?: string[]) => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }] }],
      },
    },
  });
  const tolerations = [{ key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' }];
  pod('tainted', { nodeSelector: { zone: '7' } });
  pod('tolerant', { nodeSelector: { zone: '7' }, tolerations });
  pod('above', { affinity: affinity('zone', 'Gt', ['6']), tolerations: [{ operator: 'Exists' }] });
  pod('without', { affinity: affinity('zone', 'DoesNotExist'), tolerations });
  pod('nowhere', { affinity: affinity('zone', 'In', ['8']), tolerations });
  await settled(cluster);
  expect(['tainted', 'tolerant', 'above', 'without', 'nowhere'].map(nodeOf)).toEqual([
    undefined,
    'node2',
    'node2',
    'node1',
    undefined,
  ]);
  expect(cluster.messages('tainted')).toEqual([
    "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s) {gpu: yes}. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  ]);
  cluster.store.mutate('nodes', undefined, 'node2', ({ spec }) => {
    spec.taints = undefined;
  });
  await settled(cluster);
  expect(nodeOf('tainted')).toBe('node2');
});

test('a pod that names its node needs no scheduler', async () => {
  pod('bound', { nodeName: 'node2' });
  await settled(cluster);
  expect(cluster.messages('bound')).toEqual([]);
});

test('each namespace has its account and the certificate, also when somebody deletes them', async () => {
  cluster.store.create('namespaces', { metadata: { name: 'shop' } });
  await settled(cluster);
  expect(cluster.store.get('serviceaccounts', 'shop', 'default')).toBeDefined();
  expect(cluster.store.get('configmaps', 'shop', 'kube-root-ca.crt')?.data).toEqual({ 'ca.crt': 'PEM' });
  cluster.store.remove('configmaps', 'shop', 'kube-root-ca.crt');
  await settled(cluster);
  expect(cluster.store.get('configmaps', 'shop', 'kube-root-ca.crt')).toBeDefined();
});

test('a namespace goes when all in it is gone, and no sooner', async () => {
  cluster.store.create('namespaces', { metadata: { name: 'shop' } });
  await settled(cluster);
  pod('slow', {}, 'shop');
  cluster.store.create('widgets.example.org', {
    apiVersion: 'example.org/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'shop' },
  });
  await settled(cluster);
  cluster.holdsPods = true;
  cluster.store.remove('namespaces', undefined, 'shop');
  await settled(cluster);
  expect(cluster.store.get('namespaces', undefined, 'shop')?.status.phase).toBe('Terminating');
  expect(cluster.store.list('widgets.example.org', 'shop')).toEqual([]);
  const slow = cluster.store.get('pods', 'shop', 'slow')!;
  expect(slow.metadata.deletionTimestamp).toBeDefined();
  recordEvent(cluster.store, slow, 'Normal', 'Killing', 'Stopping container app', 'kubelet');
  cluster.store.purge('pods', 'shop', 'slow', slow.metadata.uid);
  await settled(cluster);
  expect(cluster.store.get('namespaces', undefined, 'shop')).toBeUndefined();
  for (const resource of ['pods', 'events', 'serviceaccounts', 'configmaps']) {
    expect(cluster.store.list(resource, 'shop')).toEqual([]);
  }
  recordEvent(cluster.store, slow, 'Normal', 'Late', 'nobody cares', 'kubelet');
});

test('what has lost all its owners goes, and what has one left stays', async () => {
  const { store } = cluster;
  const owner = (name: string) => store.create('configmaps', { metadata: { name, namespace: 'default' } });
  const reference = ({ metadata: { name, uid } }: ReturnType<typeof owner>) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name,
    uid,
  });
  const [a, b] = [owner('a'), owner('b')];
  const dependent = (name: string, owners: ReturnType<typeof reference>[]) =>
    store.create('secrets', { metadata: { name, namespace: 'default', ownerReferences: owners } });
  dependent('of-a', [reference(a)]);
  dependent('of-both', [reference(a), reference(b)]);
  dependent('of-stranger', [{ apiVersion: 'example.org/v1', kind: 'Widget', name: 'w', uid: 'x' }]);
  await settled(cluster);
  store.remove('configmaps', 'default', 'a');
  await settled(cluster);
  const names = () => store.list('secrets', 'default').map(({ metadata }) => metadata.name);
  expect(names()).toEqual(['of-both', 'of-stranger']);
  dependent('too-late', [reference(a)]);
  store.remove('configmaps', 'default', 'b');
  await settled(cluster);
  expect(names()).toEqual(['of-stranger']);
});

test('the same event again raises the count; many similar ones share one', async () => {
  pod('a');
  await settled(cluster);
  const a = cluster.store.get('pods', 'default', 'a')!;
  const tell = (message: string) =>
    recordEvent(cluster.store, a, 'Warning', 'FailedCreatePodSandBox', message, 'kubelet', 'node1');
  tell('x');
  tell('x');
  const found = () => cluster.store.list('events', 'default').filter((e) => e.reason === 'FailedCreatePodSandBox');
  expect(found()).toMatchObject([
    {
      count: 2,
      message: 'x',
      type: 'Warning',
      source: { component: 'kubelet', host: 'node1' },
      involvedObject: { kind: 'Pod', name: 'a', namespace: 'default', uid: a.metadata.uid, apiVersion: 'v1' },
    },
  ]);
  pod('b');
  recordEvent(
    cluster.store,
    cluster.store.get('pods', 'default', 'b')!,
    'Warning',
    'FailedCreatePodSandBox',
    'x',
    'kubelet',
  );
  expect(found()).toHaveLength(2);
  for (let i = 0; i < 20; i++) tell(`sandbox ${i}`);
  expect(found()).toHaveLength(12);
  expect(found().find((e) => e.message.startsWith('(combined from similar events): '))).toMatchObject({
    count: 11,
    message: '(combined from similar events): sandbox 19',
  });
});

test('the nodes are those of a cluster', () => {
  const node = cluster.store.get('nodes', undefined, 'node2');
  expect(node).toMatchObject({
    metadata: { labels: { 'kubernetes.io/hostname': 'node2', 'kubernetes.io/os': 'linux' } },
    spec: { podCIDR: '10.44.2.0/24', podCIDRs: ['10.44.2.0/24'] },
    status: {
      addresses: [
        { type: 'InternalIP', address: '192.168.40.12' },
        { type: 'Hostname', address: 'node2' },
      ],
      nodeInfo: { operatingSystem: 'linux', kernelVersion: expect.stringMatching(/^\d/) },
    },
  });
  const ready = node?.status.conditions.find((c: { type: string }) => c.type === 'Ready');
  expect(ready).toMatchObject({ status: 'True', reason: 'KubeletReady' });
});

test('closed, they change nothing any more', async () => {
  await settled(cluster);
  cluster.close();
  pod('late');
  await settled(cluster);
  expect(nodeOf('late')).toBeUndefined();
});
