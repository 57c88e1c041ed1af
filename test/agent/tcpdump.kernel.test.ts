/** A capture by tcpdump, for places without Python: in a network namespace of its own, with a sender on the other side of a veth. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureBootstrap } from '../../src/agent/bootstrap.ts';
import type { CaptureJob, CaptureMessage } from '../../src/agent/capture-job.ts';
import { decode } from '../../src/capture/decode/decode.ts';
import { pcapFilter } from '../../src/capture/pcap-filter.ts';
import { CaptureReader } from '../../src/capture/reader.ts';
import { startChild } from '../../src/vantage/child-process.ts';
import { type AgentCommand, AgentNotStarted, type StartCommand } from '../../src/vantage/run-agent.ts';
import { runCapture } from '../../src/vantage/run-capture.ts';
import { requireTool } from '../helpers/tools.ts';
import { itWithUsers } from '../helpers/users.ts';

const RX = `kmdr${process.pid}`;
const TX = `kmdt${process.pid}`;
const GROUP = '239.1.2.3';

function sh(script: string): string {
  return execFileSync('sh', ['-ec', script]).toString();
}

function send(group: string, packets: number, size = 100): void {
  const script = `import socket
s=socket.socket(2,2); s.setsockopt(1,25,b'v1\\0'); s.setsockopt(0,33,3)
for i in range(${packets}): s.sendto(bytes(${size}),('${group}',5007))`;
  execFileSync('ip', ['netns', 'exec', TX, '/usr/bin/python3', '-c', script]);
}

/** Runs the shell's program by this shell, in the receiving namespace unless told otherwise. */
function by(shell: readonly string[], prefix: readonly string[] = ['ip', 'netns', 'exec', RX]): StartCommand {
  return (command: AgentCommand) =>
    startChild({ ...command, command: [...prefix, ...shell, ...command.command.slice(1)] });
}

const JOB: CaptureJob = {
  kind: 'capture',
  deadline: 2,
  enter: { kind: 'here' },
  interfaces: ['v0'],
  groups: [],
  joins: [],
  joinOn: [],
  snapLength: 2048,
  tcpdump: pcapFilter([{ family: 4, prefix: '239.1.2.0/28' }]),
};

async function captureWhile(start: StartCommand, job: Partial<CaptureJob>, act: () => void, signal?: AbortSignal) {
  const messages: CaptureMessage[] = [];
  const packets: { group: string; length: number }[] = [];
  const reader = new CaptureReader((record) => {
    const { ip } = decode(record.bytes.subarray(record.start, record.end), record.linkType);
    packets.push({ group: ip?.destination ?? '', length: record.end - record.start });
  });
  const taker = {
    onBytes: (chunk: Uint8Array) => reader.push(chunk),
    onMessage: (message: CaptureMessage) => {
      messages.push(message);
      if (message.type === 'began') setTimeout(act, 50);
    },
  };
  const end = await runCapture(
    start,
    { ...JOB, ...job },
    job.enter === undefined ? 'container' : 'node',
    taker,
    signal,
  );
  return { end, messages, packets: packets.filter(({ group }) => group.startsWith('239.')), summary: reader.end() };
}

/** tcpdumps in the receiving namespace. */
function running(): string[] {
  const own = sh(`stat -Lc %i /run/netns/${RX}`).trim();
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        readlinkSync(`/proc/${pid}/ns/net`) === `net:[${own}]` && readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'ip\n'
      );
    } catch {
      return false;
    }
  });
}

/** A process in the receiving namespace, and its pid. */
let still: ChildProcess;
let inside = '';

beforeAll(() => {
  requireTool('tcpdump');
  requireTool('busybox');
  sh(`ip netns add ${RX}; ip netns add ${TX}
ip -n ${RX} link add v0 type veth peer name v1 netns ${TX}
ip -n ${RX} addr add 10.74.0.1/24 dev v0; ip -n ${TX} addr add 10.74.0.2/24 dev v1
ip -n ${RX} link set v0 up; ip -n ${TX} link set v1 up`);
  still = spawn('ip', ['netns', 'exec', RX, 'sleep', '300']);
  inside = `${still.pid}`;
});
afterAll(() => {
  still.kill();
  sh(`ip netns del ${RX}; ip netns del ${TX}`);
});

describe.each([['sh'], ['busybox']])('tcpdump under %s', (name) => {
  const start = by(name === 'sh' ? ['sh'] : ['busybox', 'sh']);

  itWithUsers(
    'gives the packets of the groups, cut at the snap length, until its deadline, and says what it lost',
    async () => {
      const began = Date.now();
      const { end, packets, messages, summary } = await captureWhile(start, { snapLength: 80 }, () => {
        send(GROUP, 3);
        send('239.1.2.16', 2);
        send(GROUP, 2, 20);
      });
      expect(end).toEqual({ complete: true });
      expect(packets.map(({ length }) => length)).toEqual([80, 80, 80, 62, 62]);
      expect(new Set(packets.map(({ group }) => group))).toEqual(new Set([GROUP]));
      expect(messages.map(({ type }) => type)).toEqual(['hello', 'began', 'lost', 'end']);
      expect(messages).toContainEqual({ type: 'lost', packets: 0 });
      expect(summary.format).toBe('pcap');
      expect(Date.now() - began).toBeLessThan(6500);
    },
  );

  itWithUsers('gives all of many', async () => {
    const { end, packets } = await captureWhile(start, {}, () => send(GROUP, 20_000));
    expect([end.complete, packets.length]).toEqual([true, 20_000]);
  });

  itWithUsers('ends soon when its reader goes away, and leaves nothing', async () => {
    const before = running();
    const abort = new AbortController();
    const began = Date.now();
    const { packets } = await captureWhile(
      start,
      { deadline: 60 },
      () => {
        send(GROUP, 4);
        setTimeout(() => abort.abort(), 2500);
      },
      abort.signal,
    );
    expect(packets).toHaveLength(4);
    expect(Date.now() - began).toBeLessThan(5000);
    await expect.poll(running, { timeout: 3000 }).toEqual(before);
  });

  it('ends when the shell is all that is left of its reader, which is killed', async () => {
    const before = running();
    const { stdin } = captureBootstrap({ ...JOB, deadline: 60 }, 'container');
    // The reader holds the only other end of stdin, and of stdout.
    const shell = name === 'sh' ? 'sh' : 'busybox sh';
    const reader = spawn(process.execPath, [
      '-e',
      `const c = require('child_process').spawn('ip', ${JSON.stringify(['netns', 'exec', RX, ...shell.split(' '), '-c'])}.concat(${JSON.stringify(captureBootstrap(JOB, 'container').commands[0]![2])}), { stdio: ['pipe', 'pipe', 'ignore'] });
       c.stdin.write(Buffer.from('${Buffer.from(stdin).toString('base64')}', 'base64')); setInterval(() => {}, 1000)`,
    ]);
    await expect.poll(() => running().length, { timeout: 5000 }).toBeGreaterThan(before.length + 2);
    reader.kill('SIGKILL');
    await expect.poll(running, { timeout: 5000 }).toEqual(before);
  });

  it('names what tcpdump says of an interface that is not there', async () => {
    await expect(captureWhile(start, { interfaces: ['nix0'] }, () => {})).rejects.toThrow(/nix0.*No such device/);
  });

  it('says that tcpdump is not there', async () => {
    const hidden = ['unshare', '-m', 'sh', '-c', 'mount --bind /dev/null "$(command -v tcpdump)"; exec "$@"', 'sh'];
    const failure = await captureWhile(by(name === 'sh' ? ['sh'] : ['busybox', 'sh'], hidden), {}, () => {}).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(AgentNotStarted);
    expect(failure).toMatchObject({ noRuntime: true, message: expect.stringContaining('no tcpdump there') });
  });

  it('says which right is missing', async () => {
    const bare = ['setpriv', '--bounding-set', '-net_raw,-net_admin', '--inh-caps', '-net_raw,-net_admin'];
    const prefix = ['ip', 'netns', 'exec', RX, ...bare];
    const run = captureWhile(by(name === 'sh' ? ['sh'] : ['busybox', 'sh'], prefix), {}, () => {});
    await expect(run).rejects.toThrow(/permission/i);
  });
});

describe('tcpdump beside the processes of a node', () => {
  const UID = `00000000-${process.pid}`;
  const folder = sh(`d=/sys/fs/cgroup; [ ! -d $d/cpu ] || d=$d/cpu; printf %s $d/pod${UID}`);
  const enter = { kind: 'pod', containers: [], uid: UID, name: 'p', namespace: 'n' } as const;
  const start = by(['sh'], []);

  itWithUsers('enters the namespace of a pod, and ends with its reader', async () => {
    sh(`mkdir ${folder}; echo ${inside} >${folder}/cgroup.procs`);
    try {
      const before = running();
      const abort = new AbortController();
      const { packets } = await captureWhile(
        start,
        { enter, deadline: 60 },
        () => {
          send(GROUP, 4);
          setTimeout(() => abort.abort(), 2500);
        },
        abort.signal,
      );
      expect(packets).toHaveLength(4);
      await expect.poll(running, { timeout: 4000 }).toEqual(before);
    } finally {
      sh(`echo ${inside} >${folder}/../cgroup.procs; rmdir ${folder}`);
    }
  });

  it('says that a pod is not there', async () => {
    await expect(captureWhile(start, { enter }, () => {})).rejects.toThrow('no process and no sandbox of pod n/p');
  });
});
