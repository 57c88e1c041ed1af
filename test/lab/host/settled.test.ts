import { expect, it } from 'vitest';
import { settled } from '../../../src/lab/host/settled.ts';
import { createStore } from '../../../src/lab/store/memory-store.ts';

const READY = { conditions: [{ type: 'Ready', status: 'True' }] };
const POD = { metadata: { name: 'rx', namespace: 'default' }, spec: { containers: [] } };

function store() {
  const made = createStore();
  made.create('nodes', { metadata: { name: 'node1' }, status: READY });
  return made;
}

it('waits for every pod, and for every pod of a DaemonSet', async () => {
  const objects = store();
  const spec = { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } } } };
  objects.create('daemonsets.apps', { metadata: { name: 'net', namespace: 'default' }, spec });
  objects.create('pods', POD);
  let isSettled = false;
  const rest = settled(objects, 5000).then(() => {
    isSettled = true;
  });
  objects.mutate('pods', 'default', 'rx', (pod) => Object.assign(pod, { status: READY }));
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isSettled).toBe(false);
  objects.mutate('daemonsets.apps', 'default', 'net', (set) => Object.assign(set, { status: { numberReady: 1 } }));
  await rest;
});

it('says what is not ready when it takes too long, and why', async () => {
  const objects = store();
  const pod = objects.create('pods', POD);
  const involvedObject = { kind: 'Pod', name: 'rx', uid: pod.metadata.uid };
  objects.create('events', {
    metadata: { name: 'rx.1', namespace: 'default' },
    involvedObject,
    type: 'Warning',
    reason: 'FailedCreatePodSandBox',
    message: 'no plugin',
  });
  await expect(settled(objects, 20)).rejects.toThrow(
    'after 0.02 s the pod default/rx is not Ready: FailedCreatePodSandBox: no plugin',
  );
});
