import { expect, test } from 'vitest';
import type { ObjectMeta } from '../../../src/cluster/cluster.ts';
import { managerOf, ownersOf } from '../../../src/facts/api/owners.ts';
import { NETWORKS_ANNOTATION } from '../../../src/model/nad.ts';
import { fakeCluster, forbidden } from './fake-cluster.ts';

const APPS = '/apis/apps/v1/namespaces/video';
const ref = (kind: string, name: string, apiVersion = 'apps/v1') => ({
  apiVersion,
  kind,
  name,
  uid: name,
  controller: true,
});
const pod = { metadata: { name: 'rx-5-x', namespace: 'video', ownerReferences: [ref('ReplicaSet', 'rx-5')] } };
const replicaSet = { metadata: { name: 'rx-5', ownerReferences: [ref('Deployment', 'rx')] }, spec: { replicas: 2 } };

test('from the pod up, with the annotation of the template', async () => {
  const deployment = {
    metadata: { name: 'rx', annotations: { 'meta.helm.sh/release-name': 'tv' } },
    spec: { replicas: 2, template: { metadata: { annotations: { [NETWORKS_ANNOTATION]: 'mcast' } } } },
  };
  const cluster = fakeCluster({ [`${APPS}/replicasets/rx-5`]: replicaSet, [`${APPS}/deployments/rx`]: deployment });
  expect(await ownersOf(cluster, pod)).toEqual([
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rx-5', replicas: 2, managedBy: 'Deployment rx' },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'rx',
      replicas: 2,
      networks: 'mcast',
      managedBy: 'Helm (release tv)',
    },
  ]);
});

test('an owner that may not be read is named all the same, and nothing is made up above it', async () => {
  const cluster = fakeCluster({ [`${APPS}/replicasets/rx-5`]: forbidden('get replicasets') });
  expect(await ownersOf(cluster, pod)).toEqual([{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rx-5' }]);
});

test('a static pod’s node is no object to read; a circle ends', async () => {
  const cluster = fakeCluster({
    [`${APPS}/replicasets/rx-5`]: { ...replicaSet, metadata: { ...pod.metadata, name: 'rx-5' } },
  });
  const onNode = {
    metadata: { name: 'etcd', namespace: 'kube-system', ownerReferences: [ref('Node', 'node1', 'v1')] },
  };
  expect(await ownersOf(cluster, onNode)).toEqual([{ apiVersion: 'v1', kind: 'Node', name: 'node1' }]);
  expect(cluster.asked).toEqual([]);
  expect((await ownersOf(cluster, pod)).length).toBeLessThan(10);
});

test('a DaemonSet has as many pods as nodes; plurals are regular', async () => {
  const owned = (kind: string, apiVersion: string) => ({
    metadata: { ...pod.metadata, ownerReferences: [ref(kind, 'x', apiVersion)] },
  });
  const cluster = fakeCluster({
    [`${APPS}/daemonsets/x`]: { metadata: { name: 'x' }, status: { desiredNumberScheduled: 5 } },
  });
  expect(await ownersOf(cluster, owned('DaemonSet', 'apps/v1'))).toMatchObject([{ replicas: 5 }]);
  await ownersOf(cluster, owned('Proxy', 'example.io/v1'));
  await ownersOf(cluster, owned('Switch', 'example.io/v1'));
  expect(cluster.asked.slice(1)).toEqual([
    '/apis/example.io/v1/namespaces/video/proxies/x',
    '/apis/example.io/v1/namespaces/video/switches/x',
  ]);
});

test.each<[Partial<ObjectMeta>, string | undefined]>([
  [{}, undefined],
  [{ annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }, 'Argo CD'],
  [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'tv' } }, 'Flux (tv)'],
  [
    { annotations: { 'meta.helm.sh/release-name': 'tv' }, labels: { 'app.kubernetes.io/managed-by': 'Helm' } },
    'Helm (release tv)',
  ],
  [{ labels: { 'app.kubernetes.io/managed-by': 'our-operator' } }, 'our-operator'],
  [{ ownerReferences: [ref('Camera', 'c1')] }, 'Camera c1'],
])('who manages %j', (metadata, manager) => expect(managerOf({ name: 'x', ...metadata })).toBe(manager));
