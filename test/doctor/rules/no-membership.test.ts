import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/no-membership.ts';
import { sends } from '../roles.ts';
import { ask } from '../snapshot.ts';

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

test('does not take a join on lo for one', () => {
  const { outcome } = ask(rule, (d) => {
    d.rx.netns.memberships = d.rx.netns.memberships.map((m) => ({ ...m, interface: 'lo' }));
  });
  expect(outcome).toBe('fail');
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

test('is unknown when memberships could not be read', () => {
  expect(ask(rule, (d) => (d.missing.memberships = 'exec is forbidden'))).toMatchObject({
    outcome: 'unknown',
    reason: 'exec is forbidden',
  });
});
