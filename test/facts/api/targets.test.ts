import { expect, test } from 'vitest';
import { findTargets } from '../../../src/facts/api/targets.ts';
import { NETWORKS_ANNOTATION } from '../../../src/model/nad.ts';
import { parseTarget, type TargetName } from '../../../src/model/target.ts';
import { type Answers, fakeCluster, forbidden } from './fake-cluster.ts';

const PODS = '/api/v1/namespaces/video/pods';
const pod = (name: string, more: object = {}) => ({
  metadata: { name, uid: name, namespace: 'video', ...more },
  spec: { containers: [] },
  status: { phase: 'Running' },
});

async function find(words: string[], answers: Answers, selector?: string) {
  const cluster = fakeCluster(answers);
  const targets = words.map(parseTarget) as TargetName[];
  const found = await findTargets(cluster, 'video', targets, selector);
  return { ...found, names: found.pods.map((p) => p.pod.metadata.name), asked: cluster.asked };
}

test('a pod, its container, a node, all nodes, this machine; twice the same is once', async () => {
  const nodes = [{ metadata: { name: 'node1' } }, { metadata: { name: 'node2' } }];
  const answers = { [`${PODS}/rx`]: pod('rx'), '/api/v1/nodes/node1': nodes[0], '/api/v1/nodes': nodes };
  const found = await find(['pod/rx/app', 'rx', 'node/node1', 'nodes', 'local'], answers);
  expect(found.pods).toEqual([{ pod: pod('rx'), container: 'app' }]);
  expect(found).toMatchObject({ nodes: ['node1', 'node2'], local: true });
});

test('a workload: the pods of its selector, labels and expressions, without those that go', async () => {
  const selector = {
    matchLabels: { app: 'rx' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'zone', operator: 'NotIn', values: ['z'] },
      { key: 'live', operator: 'Exists' },
      { key: 'test', operator: 'DoesNotExist' },
    ],
  };
  const found = await find(['deploy/rx'], {
    '/apis/apps/v1/namespaces/video/deployments/rx': { metadata: { name: 'rx' }, spec: { selector } },
    [PODS]: [pod('rx-1'), pod('rx-2', { deletionTimestamp: 'x' })],
  });
  expect(found.names).toEqual(['rx-1']);
  expect(found.asked[1]).toBe(`${PODS}?labelSelector=app=rx,tier in (a,b),zone notin (z),live,!test`);
});

test('a workload without pods says so', async () => {
  const answers = { '/apis/apps/v1/namespaces/video/statefulsets/rx': { metadata: { name: 'rx' } }, [PODS]: [] };
  await expect(find(['sts/rx'], answers)).rejects.toThrow('no pods in namespace video belong to StatefulSet rx');
});

test('a selector, and nobody: the namespace, pods with networks first, without what has ended and what is kmcast’s', async () => {
  const annotations = { [NETWORKS_ANNOTATION]: 'mcast' };
  const all = [
    pod('plain'),
    pod('rx', { annotations }),
    { ...pod('done'), status: { phase: 'Succeeded' } },
    pod('own', { labels: { 'app.kubernetes.io/managed-by': 'kmcast' } }),
  ];
  expect((await find([], { [PODS]: all })).names).toEqual(['rx', 'plain']);
  expect((await find([], { [`${PODS}?labelSelector=app=rx`]: [pod('rx')] }, 'app=rx')).names).toEqual(['rx']);
  await expect(find([], { [PODS]: [] }, 'app=no')).rejects.toThrow('match app=no');
});

test('a target that does not exist, or may not be read, ends the question', async () => {
  await expect(find(['rx'], {})).rejects.toThrow('does not exist');
  await expect(find(['nodes'], { '/api/v1/nodes': forbidden('list nodes') })).rejects.toThrow(
    'list nodes is forbidden',
  );
});

test('no more pods than a diagnosis can hold', async () => {
  const many = Array.from({ length: 80 }, (_, i) => pod(`rx-${i}`));
  expect((await find([], { [PODS]: many })).names).toHaveLength(50);
});
