import { expect, test } from 'vitest';
import { type CollectWishes, collect } from '../../src/facts/collect.ts';
import { isKnown, valueIn } from '../../src/model/fact.ts';
import { parseGroup } from '../../src/model/group.ts';
import { NETWORKS_ANNOTATION } from '../../src/model/nad.ts';
import { parseTarget, type TargetName } from '../../src/model/target.ts';
import { type Answers, fakeCluster } from './api/fake-cluster.ts';
import { access, DONE, LINKS, MEMBER, pod, replay } from './observe/replay.ts';

const rx = pod({ annotations: { [NETWORKS_ANNOTATION]: 'mcast' } });
const POD = '/api/v1/namespaces/video/pods/rx';

function wishes(...words: string[]): CollectWishes {
  const group = parseGroup('10.0.0.5@239.1.2.3:5007');
  if (typeof group === 'string') throw new Error(group);
  return {
    targets: words.map(parseTarget) as TargetName[],
    written: words,
    namespace: 'video',
    groups: [group],
    duration: 100,
    whole: false,
    version: '1.2.3',
    now: new Date('2026-01-01T00:00:00Z'),
  };
}

function collected(answers: Answers, words: string[], says = [LINKS, MEMBER, DONE]) {
  const vantage = replay('node-pod', () => says);
  return collect(fakeCluster(answers), wishes(...words), {
    access: () => access({ nodePod: vantage }),
    announce: () => {},
  });
}

test('the question, the targets and where they are', async () => {
  const snapshot = await collected({ [POD]: rx, '/api/v1/nodes/node1': { metadata: { name: 'node1' } } }, [
    'pod/rx',
    'node/node1',
  ]);
  expect(snapshot).toMatchObject({
    schemaVersion: 'kmcast/v1',
    kind: 'Snapshot',
    kmcastVersion: '1.2.3',
    time: '2026-01-01T00:00:00.000Z',
    question: { targets: ['pod/rx', 'node/node1'], namespace: 'video', groups: ['10.0.0.5@239.1.2.3:5007'] },
  });
  expect(snapshot.targets.map((t) => [t.name, t.kind, t.node, isKnown(t.observation)])).toEqual([
    ['pod/rx', 'pod', 'node1', true],
    ['node/node1', 'node', 'node1', true],
  ]);
  expect(snapshot.nodes.map((n) => n.name)).toEqual(['node1']);
});

test('a pod that is on no node yet is a target all the same', async () => {
  const { nodeName: _, ...spec } = rx.spec;
  const { targets, nodes } = await collected({ [POD]: { ...rx, spec } }, ['rx']);
  expect(targets[0]?.observation).toEqual({ unknown: 'the pod is on no node yet' });
  expect(valueIn(targets[0]!.pod)?.name).toBe('rx');
  expect(nodes).toEqual([]);
});

test('a target that is not there ends it', async () => {
  await expect(collected({}, ['rx'])).rejects.toThrow('/api/v1/namespaces/video/pods/rx does not exist');
});

test('a snapshot is JSON and nothing but: it reads back as it was', async () => {
  const snapshot = await collected({ [POD]: rx }, ['rx']);
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
});
