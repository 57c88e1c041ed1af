import { afterEach, beforeEach, expect, test } from 'vitest';
import { setReady, settled, startCluster, type TestCluster, template } from './kit.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = startCluster();
});
afterEach(() => cluster.close());

const DEPLOYMENTS = 'deployments.apps';
const SETS = 'replicasets.apps';

function deploy(spec: object = {}): void {
  cluster.store.create(DEPLOYMENTS, {
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }), ...spec },
  });
}

function restart(at = '1'): void {
  cluster.store.mutate(DEPLOYMENTS, 'default', 'web', ({ spec }) => {
    spec.template.metadata.annotations = { 'kubectl.kubernetes.io/restartedAt': at };
  });
}

const web = () => cluster.store.get(DEPLOYMENTS, 'default', 'web')!;
const sets = () => cluster.store.list(SETS, 'default').sort((a, b) => Number(revision(a)) - Number(revision(b)));
const revision = (object: { metadata: { annotations?: Record<string, string> } }) =>
  object.metadata.annotations?.['deployment.kubernetes.io/revision'];
const reasonOf = (type: string) => web().status.conditions.find((c: { type: string }) => c.type === type)?.reason;

test('a deployment has its pods, and its status says so', async () => {
  deploy();
  await settled(cluster);
  const [set] = sets();
  expect(set?.metadata.name).toMatch(/^web-[a-z0-9]{10}$/);
  expect(cluster.pods()).toHaveLength(2);
  for (const pod of cluster.pods()) {
    expect(pod.metadata.name).toMatch(new RegExp(`^${set?.metadata.name}-[a-z0-9]{5}$`));
    expect(pod.metadata.labels).toEqual({ app: 'web', 'pod-template-hash': set?.metadata.name.slice(4) });
    expect(pod.metadata.ownerReferences).toMatchObject([
      { kind: 'ReplicaSet', controller: true, uid: set?.metadata.uid },
    ]);
  }
  expect(web().status).toMatchObject({
    observedGeneration: 1,
    replicas: 2,
    updatedReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    conditions: [
      { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
      { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
    ],
  });
  expect(revision(web())).toBe('1');
  expect(set?.status).toEqual({
    observedGeneration: 2,
    replicas: 2,
    fullyLabeledReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
  });
  expect(cluster.messages('web')).toEqual([`Scaled up replica set ${set?.metadata.name} from 0 to 2`]);
});

test('a restart moves the replicas one by one, and never has fewer than it may', async () => {
  deploy({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
  await settled(cluster);
  const first = cluster.pods().map((pod) => pod.metadata.name);
  cluster.behave = () => 'unready';
  restart();
  await settled(cluster);
  expect(cluster.pods()).toHaveLength(3);
  expect(web().status).toMatchObject({ observedGeneration: 2, replicas: 3, updatedReplicas: 1, availableReplicas: 2 });
  expect(reasonOf('Progressing')).toBe('ReplicaSetUpdated');

  cluster.behave = () => 'ready';
  for (const pod of cluster.pods()) setReady(cluster, pod, true);
  await settled(cluster);
  expect(cluster.pods()).toHaveLength(2);
  expect(cluster.pods().some((pod) => first.includes(pod.metadata.name))).toBe(false);
  expect(web().status).toMatchObject({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 });
  expect(web().status.unavailableReplicas).toBeUndefined();
  expect(reasonOf('Progressing')).toBe('NewReplicaSetAvailable');
  expect(sets().map((set) => [revision(set), set.spec.replicas])).toEqual([
    ['1', 0],
    ['2', 2],
  ]);
});

test('going back to an old template makes its ReplicaSet the newest again', async () => {
  deploy();
  await settled(cluster);
  const [old] = sets();
  restart();
  await settled(cluster);
  cluster.store.mutate(DEPLOYMENTS, 'default', 'web', ({ spec }) => {
    spec.template.metadata.annotations = undefined;
  });
  await settled(cluster);
  expect(sets()).toHaveLength(2);
  expect(sets().at(-1)?.metadata.name).toBe(old?.metadata.name);
  expect(revision(sets().at(-1)!)).toBe('3');
  expect(sets().at(-1)?.spec.replicas).toBe(2);
});

test('Recreate waits for the old pods’ end', async () => {
  deploy({ strategy: { type: 'Recreate' } });
  await settled(cluster);
  cluster.holdsPods = true;
  restart();
  await settled(cluster);
  expect(cluster.pods()).toHaveLength(2);
  expect(cluster.pods().every((pod) => pod.metadata.deletionTimestamp !== undefined)).toBe(true);
  expect(reasonOf('Available')).toBe('MinimumReplicasUnavailable');
  for (const { metadata } of cluster.pods()) cluster.store.purge('pods', 'default', metadata.name, metadata.uid);
  await settled(cluster);
  expect(cluster.pods()).toHaveLength(2);
  expect(web().status).toMatchObject({ updatedReplicas: 2, availableReplicas: 2 });
});

test('scaling, and a pod that is taken away', async () => {
  deploy();
  await settled(cluster);
  cluster.store.mutate(DEPLOYMENTS, 'default', 'web', ({ spec }) => {
    spec.replicas = 4;
  });
  await settled(cluster);
  expect(cluster.pods()).toHaveLength(4);
  cluster.store.remove('pods', 'default', cluster.pods()[0]!.metadata.name);
  await settled(cluster);
  expect(cluster.pods()).toHaveLength(4);
  setReady(cluster, cluster.pods()[1]!, false);
  const unready = cluster.pods()[1]!.metadata.name;
  // The others are the newer ones now, and go later all the same.
  for (const { metadata } of cluster.pods()) {
    if (metadata.name === unready) continue;
    cluster.store.mutate('pods', 'default', metadata.name, (pod) => {
      pod.metadata.annotations = { touched: 'yes' };
    });
  }
  cluster.store.mutate(DEPLOYMENTS, 'default', 'web', ({ spec }) => {
    spec.replicas = 3;
  });
  await settled(cluster);
  expect(cluster.pods().map((pod) => pod.metadata.name)).not.toContain(unready);
  expect(web().status).toMatchObject({ replicas: 3, observedGeneration: 3 });
});

test('a rollout that does not get on is called failed when its time is over', async () => {
  cluster.behave = () => 'unready';
  deploy({ progressDeadlineSeconds: 1 });
  await settled(cluster);
  expect(reasonOf('Progressing')).toBe('ReplicaSetUpdated');
  await expect.poll(() => reasonOf('Progressing'), { timeout: 4000 }).toBe('ProgressDeadlineExceeded');
  for (const pod of cluster.pods()) setReady(cluster, pod, true);
  await settled(cluster);
  expect(reasonOf('Progressing')).toBe('NewReplicaSetAvailable');
});

test('a paused deployment stays as it is', async () => {
  deploy();
  await settled(cluster);
  cluster.store.mutate(DEPLOYMENTS, 'default', 'web', ({ spec }) => {
    spec.paused = true;
  });
  restart();
  await settled(cluster);
  expect(sets()).toHaveLength(1);
  expect(web().status.observedGeneration).toBe(web().metadata.generation);
});

test('of old ReplicaSets so many stay as asked for', async () => {
  deploy({ revisionHistoryLimit: 1 });
  for (const at of ['1', '2', '3']) {
    await settled(cluster);
    restart(at);
  }
  await settled(cluster);
  expect(sets().map(revision)).toEqual(['3', '4']);
});
