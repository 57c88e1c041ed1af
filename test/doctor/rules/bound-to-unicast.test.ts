import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/bound-to-unicast.ts';
import { ask, type Draft } from '../snapshot.ts';

const bindsTo = (d: Draft, localAddress: string) => {
  d.rx.netns.sockets[0]!.localAddress = localAddress;
};

test('fires on a socket that is bound to the interface’s address', () => {
  const { finding } = ask(rule, (d) => bindsTo(d, '10.50.0.21'));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]?.observed).toBe('bound to 10.50.0.21:6000 (receiver, pid 1)');
});

test('says that connect() bound the socket, where it has a peer', () => {
  const { finding } = ask(rule, (d) => {
    bindsTo(d, '10.50.0.21');
    Object.assign(d.rx.netns.sockets[0]!, { remoteAddress: '10.50.0.77', remotePort: 6000 });
  });
  expect(finding?.detail).toContain('connected it to 10.50.0.77:6000');
});

test('is silent on the group, on any address, and when another socket takes the stream', () => {
  expect(ask(rule, (d) => bindsTo(d, '239.10.20.30')).outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('pass');
  const beside = ask(rule, (d) => {
    const [socket] = d.rx.netns.sockets;
    d.rx.netns.sockets.push({ ...socket!, localAddress: '10.50.0.21', inode: 2 });
  });
  expect(beside.outcome).toBe('pass');
});
