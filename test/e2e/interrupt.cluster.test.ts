import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attachment, GROUP, kmcast, kubectl, PORT, pod, ROUTE, receives, Space, start } from './kit.ts';

let space: Space;
let args: string[];
/** Where a Job is that nobody was left to remove, and when its kmcast was killed. */
let orphanage: string;
let killedAt: number;

beforeAll(async () => {
  space = new Space('interrupt');
  space.apply(attachment('routed', ROUTE), pod('rx', { networks: 'routed', command: receives() }));
  space.ready('pod/rx');
  // Nobody sends: kmcast looks, joins and looks again, some five seconds.
  args = ['doctor', 'pod/rx', '-n', space.name, '--group', `${GROUP}:${PORT}`];
  orphanage = `${space.name}-orphan`;
  space.namespace(orphanage);
  expect(await killed(orphanage)).toMatch(/^job\.batch\/kmcast-/);
  killedAt = Date.now();
});
afterAll(() => space.close(orphanage));

/** Kills a kmcast while it looks, and names the Job that it left in the namespace. */
async function killed(namespace: string): Promise<string> {
  const running = start([...args, '--timeout', '4s'], { KMCAST_NAMESPACE: namespace });
  await running.says(/creating privileged pod/);
  await sleep(1000);
  running.child.kill('SIGKILL');
  expect((await running.ended).status).toBe(null);
  return jobsIn(namespace);
}

function jobsIn(namespace: string): string {
  return kubectl(['-n', namespace, 'get', 'jobs', '-o', 'name']).trim();
}

it.each([
  ['SIGINT', 0],
  ['SIGINT', 120],
  ['SIGINT', 1500],
  ['SIGTERM', 400],
  ['SIGHUP', 2500],
] as const)('%s after %d ms ends it with status 130, and nothing stays', async (signal, delay) => {
  const before = space.everything();
  const running = start(args);
  await running.says(/creating privileged pod/);
  await sleep(delay);
  const asked = Date.now();
  running.child.kill(signal);
  const run = await running.ended;
  expect(run.status).toBe(130);
  expect(run.out).toBe('');
  expect(run.err).toMatch(/kmcast: interrupted\n$/);
  expect(Date.now() - asked).toBeLessThan(8000);
  expect(space.everything()).toEqual(before);
});

it('is interrupted twice and still cleans up', async () => {
  const before = space.everything();
  const running = start(args);
  await running.says(/creating privileged pod/);
  await sleep(800);
  running.child.kill('SIGINT');
  await sleep(30);
  running.child.kill('SIGINT');
  expect((await running.ended).status).toBe(130);
  expect(space.everything()).toEqual(before);
});

it('says when the time is up, and cleans up', async () => {
  const before = space.everything();
  const run = await kmcast([...args, '--timeout', '2s']);
  expect(run.status).toBe(3);
  expect(run.err).toMatch(/no verdict within 2 s\n.*--timeout/);
  expect(space.everything()).toEqual(before);
});

it('clean removes at once what a killed kmcast left', async () => {
  const left = await killed(space.name);
  expect(left).toMatch(/^job\.batch\/kmcast-/);
  const name = `Job ${space.name}/${left.split('/')[1]}`;
  const listed = await kmcast(['clean', '-n', space.name, '--dry-run']);
  expect([listed.status, listed.out]).toEqual([0, `would remove  ${name}\n`]);
  expect(jobsIn(space.name)).toBe(left);
  const run = await kmcast(['clean', '-n', space.name]);
  expect([run.status, run.out]).toEqual([0, `removed  ${name}\n`]);
  expect(jobsIn(space.name)).toBe('');
  const again = await kmcast(['clean', '-n', space.name]);
  expect(again.status).toBe(0);
  expect(again.out).toMatch(/^nothing of kmcast's is in namespace/);
});

it('is removed by the cluster itself when nobody cleans up', async () => {
  const left = () => kubectl(['-n', orphanage, 'get', 'jobs,pods', '-o', 'name']);
  // One look at least, however long the tests before it took.
  const timeout = Math.max(1000, killedAt + 100_000 - Date.now());
  await expect.poll(left, { timeout, interval: 1000 }).toBe('');
  console.log(`gone ${Math.round((Date.now() - killedAt) / 1000)} s after the kill`);
});
