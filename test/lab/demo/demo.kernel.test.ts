import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { labState, runtimeFolder, startLab } from '../host/kit.ts';

const runtime = runtimeFolder();
afterAll(() => rmSync(runtime, { recursive: true, force: true }));

/** The folders of the demo's own programs. */
const tools = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('kmcast-demo-'));

test('goes as told, in half a minute, and leaves nothing', async () => {
  const before = tools();
  const { status, out, err } = await startLab(runtime, ['demo']).ended;
  expect(err).not.toMatch(/did not go/);
  expect(status).toBe(0);
  const commands = [...out.matchAll(/^\$ (\S+ \S+)/gm)].map((match) => match[1]);
  for (const command of ['kmcast doctor', 'kmcast discover-source', 'kubectl apply', 'kmcast probe'])
    expect(commands).toContain(command);
  expect(out.indexOf('BROKEN')).toBeLessThan(out.indexOf('PASSED'));
  expect(labState(runtime, 'demo')).toBeUndefined();
  expect(tools()).toEqual(before);
}, 90_000);

test('ends the lab when it is interrupted', async () => {
  const { child, ended } = startLab(runtime, ['demo']);
  while (labState(runtime, 'demo') === undefined) await sleep(20);
  child.kill('SIGTERM');
  expect((await ended).status).toBe(130);
  expect(labState(runtime, 'demo')).toBeUndefined();
}, 60_000);
