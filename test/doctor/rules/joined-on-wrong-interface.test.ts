import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/joined-on-wrong-interface.ts';
import { asksForIpv6, onHostNetwork } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

function joinedOnEth0(d: Draft): void {
  d.rx.netns.memberships = d.rx.netns.memberships.map((m) => ({ ...m, interface: 'eth0' }));
  d.rx.flows = [];
}

test('fires when the group is on the parent of net1 and the join on eth0', () => {
  const { finding } = ask(rule, joinedOnEth0);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('239.10.20.30:6000 is joined on eth0, but belongs to net1');
  expect(finding?.fixes).toEqual([
    { kind: 'attachment', namespace: 'video', name: 'mcast', edits: [] },
    { kind: 'recreate' },
  ]);
});

test('routes the group on the node for a hostNetwork pod', () => {
  const { finding } = ask(rule, (d) => {
    onHostNetwork(d);
    d.rx.netns.memberships = d.rx.netns.memberships.map((m) => ({ ...m, interface: 'eth0' }));
  });
  expect(finding?.fixes[0]).toMatchObject({
    kind: 'node',
    node: 'node1',
    run: 'ip route replace 239.10.20.30/32 dev eth1',
  });
});

test('turns to the application for IPv6, where no route of an attachment helps', () => {
  const { finding } = ask(rule, (d) => {
    asksForIpv6(d);
    joinedOnEth0(d);
  });
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'application' }]);
});

test('is silent when it is joined there too, or arrives where it is joined', () => {
  expect(ask(rule).outcome).toBe('pass');
  const both = ask(rule, (d) => {
    const { memberships } = d.rx.netns;
    joinedOnEth0(d);
    d.rx.netns.memberships.push(...memberships);
  });
  expect(both.outcome).toBe('pass');
  const arrives = ask(rule, (d) => {
    joinedOnEth0(d);
    d.rx.flows = [flow({ interface: 'eth0' })];
  });
  expect(arrives.outcome).toBe('pass');
});
