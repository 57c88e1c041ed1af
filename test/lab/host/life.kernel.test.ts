import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lab, labState, namespacesOf, now, remaining, runtimeFolder, startLab, traces, tree } from './kit.ts';

let runtime: string;

beforeEach(() => {
  runtime = runtimeFolder();
});

afterEach(async () => {
  await lab(runtime, 'down');
  await lab(runtime, 'down', 'other');
  rmSync(runtime, { recursive: true });
});

/** Waits until nothing of a lab is left, and fails with what is. */
async function expectNothing(ids: ReadonlySet<string>, namespaces: ReadonlySet<string>, until = now()): Promise<void> {
  for (let i = 0; i < 100 && remaining(ids, namespaces, until).length > 0; i++) await sleep(20);
  expect(remaining(ids, namespaces, until)).toEqual([]);
}

/** What runs of a lab: its processes and their namespaces. */
function seen(name?: string) {
  const state = labState(runtime, name);
  const ids = state === undefined ? new Set<string>() : tree(state.pid);
  return { ids, namespaces: namespacesOf(ids) };
}

describe('lab up', () => {
  it('makes machines that reach one another on both LANs', async () => {
    const up = await lab(runtime, 'up', '--empty');
    expect(up.err).toMatch(/the lab lab is up \(/);
    expect(up.status).toBe(0);
    expect(up.out).toContain('multicast LAN 192.168.50.0/24');
    const addresses = await lab(runtime, 'exec', 'node2', '--', 'ip', '-br', 'address');
    expect(addresses.out).toMatch(/^eth0@\S+ +UP +192\.168\.40\.12\/24/m);
    expect(addresses.out).toMatch(/^eth1@\S+ +UP +192\.168\.50\.12\/24 fd50::12\/64/m);
    const host = await lab(
      runtime,
      'exec',
      'outside',
      '--',
      'sh',
      '-c',
      'hostname; ls /sys/class/net; ls -d /proc/[0-9]* | wc -l',
    );
    expect(host.out).toMatch(/^outside\neth0\neth1\nlo\n\d\n$/);
    const api = `require('https').get('https://10.96.0.1/version', { rejectUnauthorized: false }, (r) => r.pipe(process.stdout))`;
    expect((await lab(runtime, 'exec', 'outside', '--', process.execPath, '-e', api)).out).toContain('gitVersion');
    const switches = await lab(runtime, 'exec', 'lan', '--', 'ip', '-br', 'link', 'show', 'master', 'mcast');
    expect(switches.out.match(/^\S+@/gm)?.sort()).toEqual(['node1-eth1@', 'node2-eth1@', 'outside-eth1@']);
  });

  it('shields what the machine has from its machines', async () => {
    await lab(runtime, 'up', '--empty', '--nodes', '1');
    const write = await lab(runtime, 'exec', 'node1', '--', 'sh', '-c', 'touch /usr/kmcast-lab-was-here');
    expect(write.err).toContain('Read-only file system');
    expect(write.status).not.toBe(0);
    expect((await lab(runtime, 'exec', 'node1', '--', 'sh', '-c', 'exit 7')).status).toBe(7);
    const sleeper = startLab(runtime, ['exec', 'node1', '--', 'sleep', '4711']);
    const sleeps = async () => (await lab(runtime, 'exec', 'node1', '--', 'ps', '-eo', 'args')).out.includes('4711');
    await expect.poll(sleeps, { timeout: 5000 }).toBe(true);
    sleeper.child.kill('SIGTERM');
    await expect.poll(sleeps, { timeout: 5000 }).toBe(false);
    const orphan = await lab(runtime, 'exec', 'node1', '--', 'sh', '-c', '(sleep 0.1 &) ; sleep 0.4; ps -eo stat,comm');
    expect(orphan.out).not.toMatch(/^Z/m);
  });

  it('says when it is up already, refuses another shape, and takes another name', async () => {
    await lab(runtime, 'up', '--empty', '--nodes', '1');
    const before = labState(runtime);
    const again = await lab(runtime, 'up', '--empty', '--nodes', '1');
    expect(again).toMatchObject({ status: 0, err: 'kmcast: the lab lab is up already\n' });
    const other = await lab(runtime, 'up', '--empty', '--nodes', '2');
    expect(other.status).toBe(3);
    expect(other.err).toMatch(/up with another shape: --nodes 1 .*\n.*kmcast lab down lab/);
    expect(labState(runtime)).toEqual(before);
    const side = await lab(runtime, 'up', 'other', '--empty', '--nodes', '2');
    expect(side.status).toBe(0);
    expect((await lab(runtime, 'list')).out).toMatch(
      /^lab {2}up since .*--nodes 1.*\nother {2}up since .*--nodes 2.*\n$/,
    );
    expect((await lab(runtime, 'down', 'other')).err).toBe('kmcast: the lab other is down\n');
    expect((await lab(runtime, 'status')).status).toBe(0);
  });

  it('makes one lab when two commands make it at the same time', async () => {
    const both = await Promise.all([lab(runtime, 'up', '--empty'), lab(runtime, 'up', '--empty')]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(both.map(({ err }) => err).sort()).toEqual([
      expect.stringMatching(/is up \(/),
      'kmcast: the lab lab is up already\n',
    ]);
  });
});

describe('lab down', () => {
  it('leaves nothing, and may be said twice', async () => {
    await lab(runtime, 'up', '--empty');
    const { ids, namespaces } = seen();
    expect(ids.size).toBeGreaterThan(8);
    expect(namespaces.size).toBeGreaterThan(8);
    expect(await lab(runtime, 'down')).toMatchObject({ status: 0, err: 'kmcast: the lab lab is down\n' });
    expect(remaining(ids, namespaces)).toEqual([]);
    expect(traces(runtime)).toEqual([]);
    expect(await lab(runtime, 'down')).toMatchObject({ status: 0, err: 'kmcast: no lab lab is up\n' });
    expect((await lab(runtime, 'status')).status).toBe(1);
  });
});

describe('what an earlier boot left', () => {
  it('is replaced, and the process that now has its pid is no matter of the lab', async () => {
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      const folder = join(runtime, 'kmcast-lab/lab');
      const shape = { nodes: 2, podNetwork: 'overlay', scene: true };
      const state = { name: 'lab', shape, pid: stranger.pid, startTime: 1, boot: 'earlier', since: '', ready: {} };
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'lab.json'), JSON.stringify(state));
      expect((await lab(runtime, 'status')).status).toBe(1);
      expect((await lab(runtime, 'up', '--empty')).status).toBe(0);
      expect((await lab(runtime, 'down')).status).toBe(0);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    } finally {
      stranger.kill('SIGKILL');
    }
  });
});

describe('a lab that loses a process', () => {
  it.each([
    ['the outermost one', 'unshare', 0],
    ['the first one of its pid namespace', 'sh', 0],
    ['its daemon', 'node', 0],
    ['what holds a machine', 'unshare', 1],
    ['the first one of a machine', 'sh', 1],
  ])('ends as a whole: %s', async (_, name, index) => {
    await lab(runtime, 'up', '--empty', '--nodes', '1');
    const { ids, namespaces } = seen();
    const victims = remaining(ids, new Set()).filter((line) => line.replace('MainThread', 'node').endsWith(` ${name}`));
    process.kill(Number(victims[index]?.split(' ')[0]), 'SIGKILL');
    await expectNothing(ids, namespaces);
    expect((await lab(runtime, 'status')).out).toBe('the lab lab is not up\n');
    expect((await lab(runtime, 'list')).out).toMatch(/^lab {2}not up/);
    expect((await lab(runtime, 'up', '--empty')).status).toBe(0);
  });
});

describe('lab up, interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('leaves nothing after %s', async (signal) => {
    const { child, ended } = startLab(runtime, ['up', '--empty']);
    while (labState(runtime) === undefined) await sleep(2);
    await sleep(40);
    const { ids, namespaces } = seen();
    child.kill(signal);
    const { status } = await ended;
    if (signal !== 'SIGKILL') {
      expect(status).toBe(130);
      expect(traces(runtime)).toEqual([]);
    }
    await expectNothing(ids, namespaces);
  });
});

it('is started and ended 30 times, half of them killed at a random moment, and nothing is left', async () => {
  for (let round = 0; round < 30; round++) {
    const isKilled = round % 2 === 1;
    const { child, ended } = startLab(runtime, ['up', '--empty']);
    const seenAll = { ids: new Set<string>(), namespaces: new Set<string>() };
    const note = () => {
      const { ids, namespaces } = seen();
      for (const id of ids) seenAll.ids.add(id);
      for (const space of namespaces) seenAll.namespaces.add(space);
    };
    if (isKilled) {
      // From before the first process to well after the last one.
      await sleep(Math.random() * 900);
      note();
      const pid = labState(runtime)?.pid;
      if (pid !== undefined && Math.random() < 0.5) process.kill(pid, 'SIGKILL');
      else child.kill('SIGKILL');
      await ended;
    } else expect((await ended).status).toBe(0);
    note();
    const until = now();
    expect((await lab(runtime, 'down')).status).toBe(0);
    await expectNothing(seenAll.ids, seenAll.namespaces, until);
    expect(traces(runtime)).toEqual([]);
  }
}, 180_000);
