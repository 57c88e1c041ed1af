import { afterEach, beforeEach, expect, test } from 'vitest';
import { finish, setReady, settled, startCluster, type TestCluster, template } from './kit.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = startCluster();
});
afterEach(() => cluster.close());

const DAEMONS = 'daemonsets.apps';
const STATEFUL = 'statefulsets.apps';

function create(resource: string, spec: object = {}, podSpec: object = {}): void {
  cluster.store.create(resource, {
    metadata: { name: 'db', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'db' } }, template: template({ app: 'db' }, podSpec), ...spec },
  });
}

function restart(resource: string): void {
  cluster.store.mutate(resource, 'default', 'db', ({ spec }) => {
    spec.template.metadata.annotations = { 'kubectl.kubernetes.io/restartedAt': 'now' };
  });
}

const get = (resource: string) => cluster.store.get(resource, 'default', 'db')!;
const revisions = () =>
  cluster.store
    .list('controllerrevisions.apps', 'default')
    .map((r) => r.revision)
    .sort();
const uids = () => cluster.pods().map((pod) => pod.metadata.uid);

test('a daemon set has a pod on each node, also on those that nothing else may use', async () => {
  cluster.store.mutate('nodes', undefined, 'node2', ({ spec }) => {
    spec.unschedulable = true;
  });
  create(DAEMONS);
  await settled(cluster);
  expect(
    cluster
      .pods()
      .map((pod) => pod.spec.nodeName)
      .sort(),
  ).toEqual(['node1', 'node2']);
  expect(get(DAEMONS).status).toEqual({
    currentNumberScheduled: 2,
    desiredNumberScheduled: 2,
    numberAvailable: 2,
    numberMisscheduled: 0,
    numberReady: 2,
    observedGeneration: 1,
    updatedNumberScheduled: 2,
  });
});

test('a daemon set is for the nodes that its selector names, as they are now', async () => {
  create(DAEMONS, {}, { nodeSelector: { disk: 'fast' } });
  await settled(cluster);
  expect(cluster.pods()).toEqual([]);
  cluster.store.mutate('nodes', undefined, 'node2', ({ metadata }) => {
    metadata.labels = { ...metadata.labels, disk: 'fast' };
  });
  await settled(cluster);
  expect(cluster.pods().map((pod) => pod.spec.nodeName)).toEqual(['node2']);
  cluster.store.mutate('nodes', undefined, 'node2', ({ metadata }) => {
    metadata.labels = { ...metadata.labels, disk: 'slow' };
  });
  await settled(cluster);
  expect(cluster.pods()).toEqual([]);
});

test('a daemon set’s update takes one pod at a time, and its history is kept', async () => {
  create(DAEMONS);
  await settled(cluster);
  const before = uids();
  cluster.behave = () => 'unready';
  restart(DAEMONS);
  await settled(cluster);
  expect(uids().filter((uid) => before.includes(uid))).toHaveLength(1);
  expect(get(DAEMONS).status).toMatchObject({ updatedNumberScheduled: 1, numberUnavailable: 1, observedGeneration: 2 });
  cluster.behave = () => 'ready';
  for (const pod of cluster.pods()) setReady(cluster, pod, true);
  await settled(cluster);
  expect(uids().filter((uid) => before.includes(uid))).toEqual([]);
  expect(get(DAEMONS).status).toMatchObject({ updatedNumberScheduled: 2, numberReady: 2 });
  expect(revisions()).toEqual([1, 2]);
});

test('a daemon that failed is replaced', async () => {
  create(DAEMONS);
  await settled(cluster);
  const [first] = cluster.pods();
  finish(cluster, first!, 'Failed');
  await settled(cluster);
  expect(uids()).not.toContain(first?.metadata.uid);
  expect(cluster.pods()).toHaveLength(2);
});

test('a stateful set begins its pods in order, each when the one before is ready', async () => {
  cluster.behave = () => 'unready';
  create(STATEFUL, { replicas: 3, serviceName: 'db' });
  await settled(cluster);
  expect(cluster.pods().map((pod) => pod.metadata.name)).toEqual(['db-0']);
  expect(cluster.pods()[0]).toMatchObject({
    metadata: {
      labels: { app: 'db', 'statefulset.kubernetes.io/pod-name': 'db-0', 'apps.kubernetes.io/pod-index': '0' },
    },
    spec: { hostname: 'db-0', subdomain: 'db' },
  });
  cluster.behave = () => 'ready';
  setReady(cluster, cluster.pods()[0]!, true);
  await settled(cluster);
  expect(cluster.pods().map((pod) => pod.metadata.name)).toEqual(['db-0', 'db-1', 'db-2']);
  const { status } = get(STATEFUL);
  expect(status).toMatchObject({
    replicas: 3,
    readyReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
  });
  expect(status.currentRevision).toBe(status.updateRevision);
});

test('a stateful set’s pod comes back under its name, and its update goes from the last to the first', async () => {
  create(STATEFUL, { replicas: 2 });
  await settled(cluster);
  const [first, second] = uids();
  cluster.store.remove('pods', 'default', 'db-0');
  await settled(cluster);
  expect(cluster.pods().map((pod) => pod.metadata.name)).toEqual(['db-0', 'db-1']);
  expect(uids()).not.toContain(first);
  expect(uids()).toContain(second);

  cluster.behave = () => 'unready';
  const [zero] = uids();
  restart(STATEFUL);
  await settled(cluster);
  expect(uids()[0]).toBe(zero);
  expect(uids()[1]).not.toBe(second);
  expect(get(STATEFUL).status.currentRevision).not.toBe(get(STATEFUL).status.updateRevision);
  cluster.behave = () => 'ready';
  setReady(cluster, cluster.pods()[1]!, true);
  await settled(cluster);
  expect(uids()[0]).not.toBe(zero);
  expect(get(STATEFUL).status.currentRevision).toBe(get(STATEFUL).status.updateRevision);
});

test('a stateful set shrinks from its end', async () => {
  create(STATEFUL, { replicas: 3, podManagementPolicy: 'Parallel' });
  await settled(cluster);
  cluster.store.mutate(STATEFUL, 'default', 'db', ({ spec }) => {
    spec.replicas = 1;
  });
  await settled(cluster);
  expect(cluster.pods().map((pod) => pod.metadata.name)).toEqual(['db-0']);
  expect(get(STATEFUL).status.replicas).toBe(1);
});

test('an update goes on only when the pod before is up, also where the pods were begun at once', async () => {
  create(STATEFUL, { replicas: 3, podManagementPolicy: 'Parallel' });
  await settled(cluster);
  const before = uids();
  cluster.behave = () => 'unready';
  restart(STATEFUL);
  await settled(cluster);
  expect(uids().map((uid) => before.includes(uid))).toEqual([true, true, false]);
});

test.each([DAEMONS, STATEFUL])('%s goes in the foreground, when its pods have ended', async (resource) => {
  cluster.holdsPods = true;
  create(resource, { replicas: 1 });
  await settled(cluster);
  cluster.store.remove(resource, 'default', 'db', { propagation: 'Foreground' });
  await settled(cluster);
  expect(cluster.store.get(resource, 'default', 'db')).toBeDefined();
  for (const { metadata } of cluster.pods()) cluster.store.purge('pods', 'default', metadata.name, metadata.uid);
  await settled(cluster);
  expect(cluster.store.get(resource, 'default', 'db')).toBeUndefined();
});
