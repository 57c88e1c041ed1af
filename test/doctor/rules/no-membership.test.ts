import { expect, test } from 'vitest';
import joinedOnWrongInterface from '../../../src/doctor/rules/joined-on-wrong-interface.ts';
import rule from '../../../src/doctor/rules/no-membership.ts';
import { onPodNetworkAlone, sends } from '../roles.ts';
import { ask, type Draft, route } from '../snapshot.ts';

test('fires when nobody joined, and names what was joined instead', () => {
  const { finding } = ask(rule, (d) => {
    d.rx.netns.memberships = [{ family: 4, interface: 'net1', group: '239.1.1.1', users: 1 }];
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence).toEqual([
    { at: 'pod/rx', source: '/proc/net/igmp', observed: 'memberships: 239.1.1.1 on net1' },
  ]);
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'application' }]);
});

test('leaves a join on lo to the rule for wrong interfaces, unless no right one is known', () => {
  const onLo = (d: Draft) => {
    d.rx.netns.memberships = d.rx.netns.memberships.map((m) => ({ ...m, interface: 'lo' }));
  };
  expect(ask(rule, onLo).reason).toBe('the group is joined on the loopback interface');
  expect(ask(joinedOnWrongInterface, onLo).outcome).toBe('fail');
  const nowhere = ask(rule, (d) => {
    onPodNetworkAlone(d);
    onLo(d);
    d.rx.flows = [];
    d.node.flows = [];
  });
  expect(nowhere.outcome).toBe('fail');
});

test('is silent on members, and has nothing to say of senders and nodes', () => {
  expect(ask(rule).outcome).toBe('pass');
  expect(ask(rule, (d) => sends(d)).outcome).toBe('skipped');
  const node = ask(rule, (d) => {
    d.targetIsNode = true;
    d.rx.netns.memberships = [];
  });
  expect(node.outcome).toBe('skipped');
});

test.each<[string, (d: Draft) => void]>([
  [
    'a sender whose gateway does not answer',
    (d) => {
      d.rx.netns.routes.splice(3, 1, route('224.0.0.0/4', 'net1', { gateway: '10.50.0.1' }));
      d.rx.netns.neighbours = [{ family: 4, interface: 'net1', address: '10.50.0.1', state: 'failed' }];
    },
  ],
  [
    'a socket that may join no more',
    (d) => {
      d.rx.netns.sysctls['net.ipv4.igmp_max_memberships'] = '1';
      d.rx.netns.memberships.push({ family: 4, interface: 'net1', group: '239.1.1.1', users: 1 });
    },
  ],
  ['an interface that was made anew', (d) => Object.assign(d.rx.netns.links[2]!, { mac: '02:ff:00:00:00:01' })],
  [
    'a group without a route',
    (d) =>
      d.rx.netns.routes.splice(3, 1, route('239.0.0.0/8', 'net1')) &&
      Object.assign(d.rx.netns.routes[3]!, { type: 'unreachable', nextHops: [] }),
  ],
])('leaves the word to the rule about %s', (_, patch) => {
  const { outcome } = ask(rule, (d) => {
    d.rx.netns.memberships = [];
    patch(d);
  });
  expect(outcome).toBe('skipped');
});

test('is unknown when memberships could not be read', () => {
  expect(ask(rule, (d) => (d.missing.memberships = 'exec is forbidden'))).toMatchObject({
    outcome: 'unknown',
    reason: 'exec is forbidden',
  });
});
