import { afterAll, beforeAll, expect, it } from 'vitest';
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

it('make a container ready and not ready', async () => {
  bench.pod('probed', {
    c: {
      command: ['sleep', '1000'],
      readinessProbe: { exec: { command: ['cat', '/tmp/ok'] }, periodSeconds: 1, failureThreshold: 1 },
    },
  });
  await bench.until('probed', () =>
    bench.events('probed').some((event) => event.startsWith('Warning Unhealthy Readiness probe failed: cat: ')),
  );
  expect(first(await bench.until('probed', running)).ready).toBe(false);
  await bench.exec('probed', ['touch', '/tmp/ok']);
  await bench.until('probed', (pod) => first(pod).ready);
  await bench.exec('probed', ['rm', '/tmp/ok']);
  await bench.until('probed', (pod) => !first(pod).ready);
});

it('restart what is not alive', async () => {
  bench.pod('dead', {
    c: {
      command: ['sleep', '1000'],
      livenessProbe: { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 1 },
    },
  });
  await bench.until('dead', (pod) => first(pod)?.restartCount >= 1);
  expect(bench.events('dead')).toContain('Normal Killing Container c failed liveness probe, will be restarted');
});

it('ask over TCP and HTTP from the node', async () => {
  const server =
    'require("http").createServer((q, s) => { s.statusCode = q.url === "/ok" ? 200 : 500; s.end(); }).listen(18080)';
  const c = (readinessProbe: object) => ({
    image: 'lab/node:1',
    command: ['node', '-e', server],
    readinessProbe: { periodSeconds: 1, timeoutSeconds: 5, ...readinessProbe },
  });
  bench.pod('http', { hostNetwork: true, c: c({ httpGet: { path: '/ok', port: 18080, host: '127.0.0.1' } }) });
  await bench.until('http', (pod) => first(pod)?.ready);
  bench.pod('tcp', {
    hostNetwork: true,
    c: { command: ['sleep', '9'], readinessProbe: { tcpSocket: { port: 18080, host: '127.0.0.1' } } },
  });
  await bench.until('tcp', (pod) => first(pod)?.ready);
  bench.pod('http500', {
    hostNetwork: true,
    c: {
      command: ['sleep', '9'],
      readinessProbe: { timeoutSeconds: 5, httpGet: { path: '/no', port: 18080, host: '127.0.0.1' } },
    },
  });
  await bench.until('http500', () =>
    bench
      .events('http500')
      .includes('Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 500'),
  );
});
