import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/macvlan-queue-overflow.ts';
import { ask, type Draft } from '../snapshot.ts';

const NONE = { rxPackets: 0, txPackets: 0, rxDropped: 0, rxErrors: 0, txDropped: 0, txErrors: 0, multicast: 0 };

function burst(d: Draft, { sent, dropped, got }: { sent: number; dropped: number; got: number }): void {
  d.node.movedLinks = [{ interface: 'eth1', stats: { ...NONE, rxPackets: sent, multicast: sent, rxDropped: dropped } }];
  d.rx.movedLinks = [{ interface: 'net1', stats: { ...NONE, rxPackets: got, multicast: got } }];
}

test('makes the queue longer when a burst was lost between parent and pod', () => {
  const { finding } = ask(rule, (d) => burst(d, { sent: 20_000, dropped: 3_000, got: 17_000 }));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]).toEqual({
    at: 'node/node1 eth1',
    source: 'interface counters',
    observed: 'rx dropped rose by 3000, multicast by 20000',
  });
  expect(finding?.fixes[0]).toMatchObject({ edits: [{ set: 'bcqueuelen', value: 10_000 }] });
});

test('a small loss is a warning', () => {
  expect(ask(rule, (d) => burst(d, { sent: 20_000, dropped: 100, got: 19_900 })).finding?.severity).toBe('warning');
});

test('frames that nobody wanted count as drops too: the pod then gets all', () => {
  expect(ask(rule, (d) => burst(d, { sent: 20_000, dropped: 300, got: 20_000 })).outcome).toBe('pass');
  expect(ask(rule, (d) => burst(d, { sent: 40, dropped: 5, got: 10 })).outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('pass');
});
