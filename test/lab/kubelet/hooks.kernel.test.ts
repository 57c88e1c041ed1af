import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasManyUsers } from '../../../src/lab/host/many-users.ts';
import { type Bench, startBench } from './kit.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench(hasManyUsers());
});
afterAll(() => bench.end());

type Pod = Awaited<ReturnType<Bench['until']>>;
const running = (pod: Pod) => pod.status.phase === 'Running';
const first = (pod: Pod) => pod.status.containerStatuses?.[0];

describe('hooks', () => {
  it('let a container count as running after the first, and tell it to end after the last', async () => {
    const loop = 'trap "ls /tmp > /dev/termination-log; exit 0" TERM; while :; do sleep 0.1; done';
    const postStart = { exec: { command: ['sh', '-c', 'sleep 1; touch /tmp/began'] } };
    const preStop = { exec: { command: ['touch', '/tmp/ends'] } };
    bench.pod('hooks', {
      terminationGracePeriodSeconds: 10,
      c: { command: ['sh', '-c', loop], lifecycle: { postStart, preStop } },
    });
    const started = () => bench.events('hooks').some((event) => event.includes('Started'));
    expect((await bench.until('hooks', started)).status.phase).toBe('Pending');
    await bench.until('hooks', running);
    expect((await bench.exec('hooks', ['ls', '/tmp'])).out).toBe('began\n');
    const seen: string[] = [];
    const stop = bench.store.subscribe(() => {
      const pod = bench.store.get('pods', 'test', 'hooks');
      const message = pod && first(pod)?.state.terminated?.message;
      if (message !== undefined) seen.push(`${pod?.status?.phase} ${message}`);
    });
    bench.store.remove('pods', 'test', 'hooks', { grace: 10 });
    await bench.gone('hooks');
    stop();
    // Also of a pod that would be started anew: those who watch it see how it ended.
    expect(seen.at(-1)).toBe('Succeeded began\nends\n');
  });

  it('start a container anew when the first fails', async () => {
    bench.pod('unhooked', {
      c: { command: ['sleep', '1000'], lifecycle: { postStart: { exec: { command: ['false'] } } } },
    });
    await bench.until('unhooked', (pod) => first(pod)?.restartCount > 0);
    expect(bench.events('unhooked')).toContain('Warning FailedPostStartHook PostStartHook failed');
  });
});
