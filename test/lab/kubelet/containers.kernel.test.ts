import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasManyUsers } from '../../../src/lab/host/many-users.ts';
import type { KubeObject } from '../../../src/lab/object.ts';
import { itWithUsers } from '../../helpers/users.ts';
import { type Bench, startBench } from './kit.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench(hasManyUsers());
});
afterAll(() => bench.end());

const running = (pod: KubeObject) => pod.status.phase === 'Running';
const ready = (pod: KubeObject) => pod.status.containerStatuses?.every((status: { ready: boolean }) => status.ready);
const ended = (pod: KubeObject) => /Succeeded|Failed/.test(pod.status.phase);
const once = (command: readonly string[], more: object = {}) => ({ restartPolicy: 'Never', c: { command, ...more } });

/** What a container that runs once prints. */
async function printed(
  name: string,
  command: readonly string[],
  more: object = {},
  spec: object = {},
): Promise<string> {
  bench.pod(name, { ...once(command, more), ...spec });
  await bench.until(name, ended);
  return bench.log(name);
}

/** What ps(1) shows everybody. */
function argumentsOfAll(): string[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) ? [readFileSync(`/proc/${name}/cmdline`, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}

const TASKS = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';

describe('a container', () => {
  it('has a root of its own with what its image has', async () => {
    const out = await printed('root', [
      'sh',
      '-c',
      'command -v python3 || echo none; ls /; cat /etc/hosts; hostname; touch /usr/x || touch /etc/x && echo wrote',
    ]);
    expect(out).toMatch(/^none\nbin\ndev\netc\n/);
    expect(out).not.toContain('work');
    expect(out).toContain('10.44.1.2\troot\n');
    expect(out).toMatch(/root\ntouch: .*Read-only file system\nwrote\n$/);
  });

  it('has its variables as they are, and nobody sees their values in the arguments of processes', async () => {
    const value = `s3cret $HOME \${HOME} "'\\ #\n\t${process.pid}`;
    const env = [
      { name: 'KEY', value },
      { name: 'EMPTY', value: '' },
      { name: 'dotted.na-me', value: 'x y' },
      { name: 'LD_PRELOAD', value: '' },
    ];
    const show = ['python3', '-c', 'import os; print(dict(os.environ), flush=True)'];
    const command = ['sh', '-c', 'env -0 | tr "\\n\\0" "~\\n"; exec sleep 3600'];
    bench.pod('variables', { c: { image: 'lab/python:1', command, env } });
    await bench.until('variables', ready);
    await expect.poll(() => bench.log('variables')).toContain(`KEY=${value.replace('\n', '~')}\n`);
    const log = await bench.log('variables');
    expect(log).toMatch(/^EMPTY=$/m);
    expect(log).not.toMatch(/KMCAST|XDG_RUNTIME_DIR/);
    // A shell passes on no variable of such a name.
    const { out } = await bench.exec('variables', show);
    expect(out).toContain("'dotted.na-me': 'x y'");
    expect(out).not.toContain('KMCAST');
    expect(argumentsOfAll().filter((text) => text.includes('KMCAST_VARIABLE_'))).not.toEqual([]);
    expect(argumentsOfAll().filter((text) => text.includes('s3cret'))).toEqual([]);
  });

  it.each([
    ['lab/python:1', ['python3', '-c', 'import json, socket; print(1 + 1)'], '2\n'],
    ['lab/node:1', ['node', '-p', '1 + 1'], '2\n'],
    ['lab/app:1', ['python3', '-c', 'print(1 + 1)'], '2\n'],
    ['lab/netdebug:1', ['sh', '-c', 'for p in tcpdump ip nsenter python3; do command -v $p; done | wc -l'], '4\n'],
  ])('of %s', async (image, command, expected) => {
    expect(await printed(image.replace(/\W/g, '-'), command, { image })).toBe(expected);
  });

  it('has a pid namespace, /proc and /sys of its own, and no way to write to /proc/sys', async () => {
    const script = 'echo $$$$; ls -d /proc/[0-9]* | wc -l; ls /sys/class/net; echo 1 >/proc/sys/net/ipv4/ip_forward';
    const out = await printed('proc', ['sh', '-c', script]);
    expect(out.split('\n').slice(0, 3)).toEqual(['1', expect.stringMatching(/^[2-4]$/), 'lo']);
    expect(out).toContain('Read-only file system');
  });

  it.each([
    ['default', {}, '00000000a80425fb', '0'],
    [
      'dropped',
      { capabilities: { drop: ['ALL'], add: ['NET_RAW'] }, allowPrivilegeEscalation: false },
      '0000000000002000',
      '1',
    ],
    ...(hasManyUsers() ? [['user', { runAsUser: 1000, runAsGroup: 1000 }, '0000000000000000', '0'] as const] : []),
  ] as const)('has the capabilities of %s', async (name, securityContext, effective, noNew) => {
    const out = await printed(`caps-${name}`, ['grep', '-E', 'CapEff|NoNewPrivs', '/proc/self/status'], {
      securityContext,
    });
    expect(out).toBe(`CapEff:\t${effective}\nNoNewPrivs:\t${noNew}\n`);
  });

  itWithUsers('has the user, group and groups that it asks for, and writes to its own output', async () => {
    const out = await printed(
      'user',
      [
        'sh',
        '-c',
        'id; echo on stderr >/dev/stderr; echo m >/dev/termination-log && touch /dev/shm/x && echo wrote; echo x >/etc/x',
      ],
      {},
      {
        securityContext: { runAsUser: 1000, runAsGroup: 2000, fsGroup: 3000 },
      },
    );
    expect(out).toContain('uid=1000 gid=2000 groups=2000,3000');
    expect(out).toContain('on stderr\nwrote\n');
    expect(out).toContain('Permission denied');
  });

  it('may do all that the machine lets root do when it is privileged', async () => {
    const script =
      'grep CapBnd /proc/self/status; echo 1 >/proc/sys/net/ipv4/ip_forward && cat /proc/sys/net/ipv4/ip_forward';
    const out = await printed('privileged', ['sh', '-c', script], { securityContext: { privileged: true } });
    expect(out).toMatch(/CapBnd:\t0*1f.*\n1\n/);
  });

  it('cannot write to a read-only root, but to its volumes', async () => {
    const out = await printed(
      'readonly',
      ['sh', '-c', 'touch /x; touch /data/x /data/in/y && ls /data; echo why >/dev/termination-log'],
      {
        securityContext: { readOnlyRootFilesystem: true },
        volumeMounts: [
          { name: 'inner', mountPath: '/data/in' },
          { name: 'data', mountPath: '/data' },
        ],
      },
      {
        volumes: [
          { name: 'data', emptyDir: {} },
          { name: 'inner', emptyDir: {} },
        ],
      },
    );
    expect(out).toMatch(/touch: .*Read-only file system\nin\nx\n$/);
    const { status } = await bench.until('readonly', ended);
    expect(status.containerStatuses[0].state.terminated.message).toBe('why\n');
  });

  it('sees the node with hostPID and hostPath', async () => {
    bench.pod('nodepod', {
      hostNetwork: true,
      hostPID: true,
      volumes: [{ name: 'host', hostPath: { path: '/' } }],
      c: {
        image: 'lab/netdebug:1',
        command: ['sleep', '1000'],
        securityContext: { privileged: true },
        volumeMounts: [{ name: 'host', mountPath: '/host' }],
      },
    });
    await bench.until('nodepod', running);
    bench.pod('plain', { c: { command: ['sleep', '1000'] } });
    const { uid } = (await bench.until('plain', running)).metadata;
    // A shell passes on no variable of such a name.
    const { out } = await bench.exec('nodepod', [
      'sh',
      '-c',
      `readlink /proc/1/ns/net /proc/self/ns/net | uniq | wc -l; cat /host/etc/hostname; grep -l ${uid} /proc/1/root${TASKS}/*/config.json | wc -l`,
    ]);
    expect(out).toBe(`1\n${bench.node.name}\n2\n`);
  });

  it("is found by containerd's state on the node", async () => {
    bench.pod('state', { c: { command: ['sleep', '1000'] } });
    const { metadata } = await bench.until('state', running);
    const list = await bench.node.run([
      'sh',
      '-c',
      `grep -l '"io.kubernetes.cri.sandbox-uid":"${metadata.uid}"' ${TASKS}/*/config.json`,
    ]);
    const kinds = new Map<string, string>();
    for (const file of list.trim().split('\n')) {
      const config = JSON.parse(await bench.node.run(['cat', file]));
      const pid = (await bench.node.run(['cat', file.replace('config.json', 'init.pid')])).trim();
      kinds.set(config.annotations['io.kubernetes.cri.container-type'], pid);
    }
    const net = (pid?: string) => bench.node.run(['readlink', `/proc/${pid}/ns/net`]);
    const inside = (await bench.exec('state', ['readlink', '/proc/self/ns/net'])).out;
    expect(await net(kinds.get('sandbox'))).toBe(inside);
    expect(await net(kinds.get('container'))).toBe(inside);
  });

  it('shares the processes of its pod when told to', async () => {
    const c = (name: string) => ({ name, image: 'lab/busybox:1', command: ['sleep', `100${name}`] });
    bench.pod('shared', { shareProcessNamespace: true, containers: [c('1'), c('2')] });
    await bench.until('shared', ready);
    expect((await bench.exec('shared', ['ps', '-ef'])).out).toMatch(
      /sleep infinity[\s\S]*sleep 100[12][\s\S]*sleep 100[12]/,
    );
    bench.store.remove('pods', 'test', 'shared', { grace: 0 });
    await bench.gone('shared');
  });

  it("leaves no process behind, also in the node's pid namespace", async () => {
    bench.pod('orphans', { ...once(['sh', '-c', 'sleep 54321 & exec true']), hostPID: true });
    await bench.until('orphans', ended);
    expect(await bench.node.run(['sh', '-c', 'pgrep -fx "sleep 54321" || echo none'])).toBe('none\n');
  });
});
