import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/membership-limit.ts';
import { onPodNetworkAlone } from '../roles.ts';
import { ask, type Draft, type Place } from '../snapshot.ts';

const LIMIT = 'net.ipv4.igmp_max_memberships';

function joined(place: Place, number: number): void {
  place.netns.sysctls[LIMIT] = '20';
  place.netns.memberships = [
    { family: 4, interface: 'net1', group: '224.0.0.1', users: 1 },
    ...Array.from({ length: number }, (_, i) => ({
      family: 4 as const,
      interface: 'net1',
      group: `239.99.0.${i}`,
      users: 1,
    })),
  ];
}

test('fires when a socket has as many groups as it may, and this one is not among them', () => {
  const { finding } = ask(rule, (d) => joined(d.rx, 20));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]).toMatchObject({ source: LIMIT, observed: '20' });
  expect(finding?.fixes).toEqual([
    { kind: 'attachment', namespace: 'video', name: 'mcast', edits: [{ set: 'sysctl', name: LIMIT, value: '512' }] },
    { kind: 'recreate' },
  ]);
});

test('only warns when the number is no multiple: several sockets have their own', () => {
  expect(ask(rule, (d) => joined(d.rx, 23)).finding?.severity).toBe('warning');
});

test('fires on a limit of 0, which lets nobody join', () => {
  const { finding } = ask(rule, (d) => {
    joined(d.rx, 0);
    d.rx.netns.sysctls[LIMIT] = '0';
  });
  expect(finding?.severity).toBe('error');
});

test('is silent below the limit, and when the group was joined', () => {
  expect(ask(rule, (d) => joined(d.rx, 19)).outcome).toBe('pass');
  const member = ask(rule, (d) => {
    joined(d.rx, 19);
    d.rx.netns.memberships.push({ family: 4, interface: 'net1', group: '239.10.20.30', users: 1 });
  });
  expect(member.outcome).toBe('pass');
});

test('fires on the node where Antrea’s agent joins for the pods', () => {
  const antrea = (name: string) => (d: Draft) => {
    onPodNetworkAlone(d);
    d.cluster.podNetwork.name = name;
    joined(d.node, 20);
  };
  const { finding } = ask(rule, antrea('antrea'));
  expect(finding?.severity).toBe('error');
  expect(finding?.fixes[0]).toMatchObject({
    kind: 'node',
    node: 'node1',
    run: `sysctl -w ${LIMIT}=512`,
    undo: `sysctl -w ${LIMIT}=20`,
  });
  expect(ask(rule, antrea('weave')).outcome).toBe('pass');
  const room = ask(rule, (d) => {
    antrea('antrea')(d);
    joined(d.node, 19);
  });
  expect(room.outcome).toBe('pass');
});
