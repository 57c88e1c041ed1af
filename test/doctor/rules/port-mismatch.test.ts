import { expect, test } from 'vitest';
import noSocket from '../../../src/doctor/rules/no-socket.ts';
import rule from '../../../src/doctor/rules/port-mismatch.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const listensOn = (d: Draft, port: number) => {
  d.rx.netns.sockets[0]!.localPort = port;
};

test('fires when the stream goes to one port and the application listens on another', () => {
  const { finding } = ask(rule, (d) => listensOn(d, 6001));
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('the stream goes to port 6000; the application listens on 6001');
  expect(finding?.evidence.map((e) => e.source)).toEqual(['/proc/net/udp', 'capture']);
  expect(ask(noSocket, (d) => listensOn(d, 6001)).outcome).toBe('pass');
});

test('knows the port from the stream when none was named', () => {
  const { outcome } = ask(rule, (d) => {
    d.group = '239.10.20.30';
    listensOn(d, 6001);
  });
  expect(outcome).toBe('fail');
});

test('is silent on the right port, also beside others', () => {
  expect(ask(rule).outcome).toBe('pass');
  const both = ask(rule, (d) => {
    const [socket] = d.rx.netns.sockets;
    d.rx.netns.sockets.push({ ...socket!, localPort: 6001, inode: 2 });
  });
  expect(both.outcome).toBe('pass');
});

test('has nothing to say of a group that nobody joined, or without a port', () => {
  expect(ask(rule, (d) => (d.rx.netns.memberships = [])).outcome).toBe('skipped');
  const unseen = ask(rule, (d) => {
    d.group = '239.10.20.30';
    d.rx.flows = [];
    d.node.flows = [];
  });
  expect(unseen.outcome).toBe('skipped');
});

test('fires when the application listens on the port that was asked about, and the stream goes to another', () => {
  const { finding } = ask(rule, (d) => {
    d.rx.flows = [flow({ destinationPort: 6001 })];
  });
  expect(finding?.title).toBe('the stream goes to port 6001; the application listens on 6000');
  const both = ask(rule, (d) => {
    d.rx.flows.push(flow({ destinationPort: 6001 }));
  });
  expect(both.outcome).toBe('pass');
});
