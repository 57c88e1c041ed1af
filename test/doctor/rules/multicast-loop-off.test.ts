import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/multicast-loop-off.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const SENDER = {
  family: 4 as const,
  localAddress: '0.0.0.0',
  localPort: 40000,
  remoteAddress: '0.0.0.0',
  remotePort: 0,
  uid: 0,
  inode: 12,
  receiveQueue: 0,
  drops: 0,
};

function withSender(d: Draft): void {
  d.rx.flows = [flow({ direction: 'out', source: '10.50.0.21' })];
  d.rx.moved = { 'IpExt.OutMcastPkts': 10 };
  d.rx.netns.sockets.push({ ...SENDER, owner: { pid: 77, command: 'sender' } });
}

test('fires when another process of the namespace sends and no copy comes', () => {
  const { finding } = ask(rule, withSender);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.at(-1)?.observed).toContain('sender, pid 77');
});

test('only warns when the processes are not known', () => {
  const { finding } = ask(rule, (d) => {
    withSender(d);
    d.rx.netns.sockets = d.rx.netns.sockets.map(({ owner: _, ...socket }) => socket);
  });
  expect(finding?.severity).toBe('warning');
});

test('is silent on copies, on a program that does not want to hear itself, and on counters that stood still', () => {
  const looped = ask(rule, (d) => {
    withSender(d);
    d.rx.moved['IpExt.InMcastPkts'] = 10;
  });
  expect(looped.outcome).toBe('pass');
  const itself = ask(rule, (d) => {
    withSender(d);
    d.rx.netns.sockets[1] = { ...SENDER, owner: { pid: 1, command: 'receiver' } };
  });
  expect(itself.outcome).toBe('pass');
  const still = ask(rule, (d) => {
    withSender(d);
    d.rx.moved = {};
  });
  expect(still.outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});
