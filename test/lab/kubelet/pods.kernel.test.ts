import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasManyUsers } from '../../../src/lab/host/many-users.ts';
import type { KubeObject } from '../../../src/lab/object.ts';
import { type Bench, startBench } from './kit.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench(hasManyUsers());
});
afterAll(() => bench.end());

const running = (pod: KubeObject) => pod.status.phase === 'Running';
const ready = (pod: KubeObject) => pod.status.containerStatuses?.every((status: { ready: boolean }) => status.ready);
const TASKS = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';

it('runs soon, with the status that a kubelet writes', async () => {
  const began = Date.now();
  bench.pod('plain', { c: { command: ['sleep', '1000'] } });
  const { status, metadata } = await bench.until('plain', ready);
  expect(Date.now() - began).toBeLessThan(2000);
  expect(metadata.annotations).toEqual({ 'k8s.v1.cni.cncf.io/network-status': '[]' });
  expect(status).toMatchObject({
    phase: 'Running',
    podIP: '10.44.1.2',
    podIPs: [{ ip: '10.44.1.2' }],
    hostIP: '192.168.40.11',
    qosClass: 'BestEffort',
    containerStatuses: [
      { name: 'c', image: 'lab/busybox:1', ready: true, started: true, restartCount: 0, lastState: {} },
    ],
  });
  expect(status.containerStatuses[0].containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/);
  expect(
    status.conditions.map(({ type, status: holds }: { type: string; status: string }) => `${type} ${holds}`),
  ).toEqual([
    'PodReadyToStartContainers True',
    'Initialized True',
    'Ready True',
    'ContainersReady True',
    'PodScheduled True',
  ]);
  expect(bench.events('plain').sort()).toEqual([
    'Normal Created Created container: c',
    'Normal Pulled Container image "lab/busybox:1" already present on machine',
    'Normal Started Started container c',
  ]);
});

it('goes when it is deleted: SIGTERM, the grace period, SIGKILL', async () => {
  bench.pod('polite', {
    c: { command: ['sh', '-c', 'trap "exit 0" TERM; echo set; while :; do sleep 0.05; done'] },
    terminationGracePeriodSeconds: 10,
  });
  bench.pod('deaf', { c: { command: ['sleep', '1000'] } });
  await Promise.all(['polite', 'deaf'].map((name) => bench.until(name, running)));
  while ((await bench.log('polite')) !== 'set\n') await new Promise((resolve) => setTimeout(resolve, 10));
  const began = Date.now();
  bench.store.remove('pods', 'test', 'polite');
  bench.store.remove('pods', 'test', 'deaf');
  await bench.gone('polite');
  expect(Date.now() - began).toBeLessThan(900);
  await bench.gone('deaf');
  expect(Date.now() - began).toBeGreaterThan(900);
  expect(bench.events('deaf')).toContain('Normal Killing Stopping container c');
});

it('leaves nothing on the node', async () => {
  bench.pod('traces', { c: { command: ['sleep', '1000'] } });
  await bench.until('traces', running);
  const uid = bench.store.get('pods', 'test', 'traces')?.metadata.uid;
  const look = () =>
    bench.node.run([
      'sh',
      '-c',
      `ls -d /run/kubelet/pods/* /var/log/pods/* | grep -c ${uid}; grep -l ${uid} ${TASKS}/*/config.json | wc -l; ps -e | wc -l`,
    ]);
  const [folders, tasks, before] = (await look()).split('\n');
  expect([folders, tasks]).toEqual(['2', '2']);
  bench.store.remove('pods', 'test', 'traces', { grace: 0 });
  await bench.gone('traces');
  const [left, tasksLeft, after] = (await look().catch((error) => String(error))).split('\n');
  expect([left, tasksLeft]).toEqual(['0', '0']);
  expect(Number(before) - Number(after)).toBe(3);
});

it('waits for a pod of the same name that has not gone', async () => {
  bench.pod('again', { c: { command: ['sleep', '1000'] } });
  const first = await bench.until('again', running);
  bench.store.remove('pods', 'test', 'again', { grace: 0 });
  bench.pod('again', { c: { command: ['sleep', '1000'] } });
  const second = await bench.until('again', running);
  expect(second.metadata.uid).not.toBe(first.metadata.uid);
});

it('goes sooner when it is deleted again', async () => {
  const deaf = { c: { command: ['sleep', '1000'] }, terminationGracePeriodSeconds: 60 };
  bench.pod('sooner', deaf);
  bench.pod('atonce', deaf);
  await Promise.all(['sooner', 'atonce'].map((name) => bench.until(name, running)));
  for (const name of ['sooner', 'atonce']) bench.store.remove('pods', 'test', name);
  const began = Date.now();
  bench.store.remove('pods', 'test', 'sooner', { grace: 1 });
  bench.store.remove('pods', 'test', 'atonce', { grace: 0 });
  await bench.gone('atonce');
  expect(Date.now() - began).toBeLessThan(900);
  await bench.gone('sooner');
});

it('goes whenever it is deleted', async () => {
  const delays = Array.from({ length: 16 }, (_, index) => index * 8);
  const count = () => bench.node.run(['sh', '-c', `ls ${TASKS} | wc -l; ps -e | wc -l`]);
  const before = await count();
  for (const delay of delays) {
    bench.pod('hasty', { c: { command: ['sleep', '1000'] }, terminationGracePeriodSeconds: 30 });
    await new Promise((resolve) => setTimeout(resolve, delay));
    bench.store.remove('pods', 'test', 'hasty', { grace: 0 });
    await bench.gone('hasty');
  }
  expect(await count()).toBe(before);
});
