/** The capture agent in a network namespace of its own, with a sender on the other side of a veth. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaptureJob, CaptureMessage } from '../../src/agent/capture-job.ts';
import { decode } from '../../src/capture/decode/decode.ts';
import { CaptureReader } from '../../src/capture/reader.ts';
import { startChild } from '../../src/vantage/child-process.ts';
import type { StartCommand } from '../../src/vantage/run-agent.ts';
import { type CaptureEnd, runCapture } from '../../src/vantage/run-capture.ts';

const RX = `kmcr${process.pid}`;
const TX = `kmct${process.pid}`;
const inRx: StartCommand = (command) =>
  startChild({ ...command, command: ['ip', 'netns', 'exec', RX, ...command.command] });

function sh(script: string): string {
  return execFileSync('sh', ['-ec', script]).toString();
}

function send(group: string, packets: number, size = 100): void {
  const v6 = group.includes(':');
  const script = `import socket
s=socket.socket(socket.${v6 ? 'AF_INET6' : 'AF_INET'},socket.SOCK_DGRAM)
s.setsockopt(1,25,b'v1\\0')
s.setsockopt(${v6 ? '41,18' : '0,33'},3)
for i in range(${packets}): s.sendto(i.to_bytes(4,'big')+bytes(${size - 4}),('${group}',5007))`;
  execFileSync('ip', ['netns', 'exec', TX, '/usr/bin/python3', '-c', script]);
}

const JOB: CaptureJob = {
  kind: 'capture',
  deadline: 1.5,
  enter: { kind: 'here' },
  interfaces: ['v0'],
  groups: [],
  joins: [],
  joinOn: [],
  snapLength: 262144,
};

interface Captured {
  readonly end: CaptureEnd;
  readonly messages: readonly CaptureMessage[];
  readonly packets: readonly { group: string; length: number; direction: number; membership: string | undefined }[];
  readonly names: readonly (string | undefined)[];
}

async function captureWhile(
  job: Partial<CaptureJob>,
  act: () => void,
  onBytes: () => void | Promise<void> = () => {},
  signal?: AbortSignal,
): Promise<Captured> {
  const messages: CaptureMessage[] = [];
  const packets: Captured['packets'][number][] = [];
  const reader = new CaptureReader((record) => {
    const { ip, membership } = decode(record.bytes.subarray(record.start, record.end), record.linkType);
    const length = record.end - record.start;
    packets.push({ group: ip?.destination ?? '', length, direction: record.direction, membership: membership?.type });
  });
  const taker = {
    onBytes: (chunk: Uint8Array) => {
      reader.push(chunk);
      return onBytes();
    },
    onMessage: (message: CaptureMessage) => {
      messages.push(message);
      if (message.type === 'began') setTimeout(act, 50);
    },
  };
  const end = await runCapture(inRx, { ...JOB, ...job }, 'container', taker, signal);
  const { interfaces, problem } = reader.end();
  expect(problem).toBeUndefined();
  return { end, messages, packets, names: interfaces.map(({ name }) => name) };
}

beforeAll(() => {
  sh(`ip netns add ${RX}; ip netns add ${TX}
ip -n ${RX} link add v0 type veth peer name v1 netns ${TX}
ip -n ${RX} addr add 10.71.0.1/24 dev v0; ip -n ${TX} addr add 10.71.0.2/24 dev v1
ip -n ${RX} link set v0 up; ip -n ${TX} link set v1 up; ip -n ${RX} link set lo up
for i in $(seq 50); do ip -n ${TX} -6 addr show dev v1 | grep -q tentative || break; sleep .1; done`);
});
afterAll(() => {
  sh(`ip netns del ${RX}; ip netns del ${TX}`);
});

describe('the capture agent', () => {
  it('gives every packet of the groups whole, and the membership reports of its own join', async () => {
    const { end, packets, names, messages } = await captureWhile(
      { groups: ['239.1.2.0/28', 'ff15::1'], joins: [{ group: '239.1.2.3' }, { group: 'ff15::1' }], joinOn: ['v0'] },
      () => {
        send('239.1.2.3', 3, 1400);
        send('239.1.2.16', 3);
        send('ff15::1', 2);
        send('ff15::2', 2);
      },
    );
    expect(end).toEqual({ complete: true });
    expect(names).toEqual(['v0']);
    const datagrams = packets.filter(({ membership }) => membership === undefined);
    expect(datagrams.map(({ group }) => group)).toEqual(['239.1.2.3', '239.1.2.3', '239.1.2.3', 'ff15::1', 'ff15::1']);
    expect(datagrams[0]).toMatchObject({ length: 1400 + 42, direction: 1 });
    const own = packets.filter(({ membership }) => membership?.startsWith('igmp'));
    expect(new Set(own.map(({ direction }) => direction))).toEqual(new Set([2]));
    expect(messages.filter(({ type }) => type === 'joined')).toEqual([
      { type: 'joined', group: '239.1.2.3', interface: 'v0' },
      { type: 'joined', group: 'ff15::1', interface: 'v0' },
    ]);
    expect(messages.at(-1)).toMatchObject({ type: 'end', reason: 'deadline', lost: 0 });
  });

  it('loses nothing that its ring holds while the reader rests, and all of it arrives', async () => {
    let rested = false;
    const rest = () => {
      if (rested) return;
      rested = true;
      return new Promise<void>((resolve) => setTimeout(resolve, 700));
    };
    const { end, packets } = await captureWhile(
      { groups: ['239.1.2.3'], deadline: 2 },
      () => send('239.1.2.3', 20_000),
      rest,
    );
    expect(end).toEqual({ complete: true });
    expect(packets.filter(({ membership }) => membership === undefined)).toHaveLength(20_000);
  });

  it('cuts packets at the snap length, and ends after so many', async () => {
    const began = Date.now();
    const { end, packets } = await captureWhile(
      { groups: ['239.1.2.3'], snapLength: 60, packets: 10, deadline: 8 },
      () => send('239.1.2.3', 20),
    );
    expect(end).toEqual({ complete: true });
    expect(Date.now() - began).toBeLessThan(4000);
    expect(packets.length).toBeGreaterThanOrEqual(10);
    expect(packets[0]).toMatchObject({ length: 60 });
  });

  it('ends at once when its reader goes away', async () => {
    const abort = new AbortController();
    const began = Date.now();
    await captureWhile({ deadline: 10 }, () => abort.abort(), undefined, abort.signal);
    expect(Date.now() - began).toBeLessThan(2000);
  });

  it('names an interface that is not there', async () => {
    await expect(captureWhile({ interfaces: ['nix0'] }, () => {})).rejects.toThrow('no such interface: nix0');
  });
});
