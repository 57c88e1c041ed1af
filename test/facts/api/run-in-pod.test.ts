import { expect, test } from 'vitest';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { runInPod } from '../../../src/facts/api/run-in-pod.ts';
import { fakeCluster } from './fake-cluster.ts';

const where = { namespace: 'kube-system', pod: 'c1', container: 'agent', command: ['tool', 'list'] };
const withExec = (exec: Cluster['exec']) => ({ ...fakeCluster({}), exec });

test('its output, when it ended well', async () => {
  expect(
    await runInPod(
      fakeCluster({}, () => 'said'),
      where,
    ),
  ).toEqual({ value: 'said' });
});

test('its own words, the status, or why it did not run', async () => {
  expect(await runInPod(fakeCluster({}), where)).toEqual({ unknown: 'tool in pod c1: Error: no such thing' });
  expect(
    await runInPod(
      withExec(async () => ({ kind: 'exited', code: 3 })),
      where,
    ),
  ).toEqual({ unknown: 'tool in pod c1: status 3' });
  expect(
    await runInPod(
      withExec(async () => ({ kind: 'not-started', message: 'no such file' })),
      where,
    ),
  ).toEqual({
    unknown: 'tool in pod c1: no such file',
  });
  expect(
    await runInPod(
      withExec(() => Promise.reject(new Error('forbidden'))),
      where,
    ),
  ).toEqual({ unknown: 'forbidden' });
});

test('no more than a mebibyte is kept', async () => {
  const cluster = withExec(async ({ onStdout }) => {
    for (let i = 0; i < 3; i++) await onStdout(new Uint8Array(1 << 19));
    return { kind: 'exited', code: 0 };
  });
  const output = await runInPod(cluster, where);
  expect('value' in output && output.value.length).toBe(1 << 20);
});
