import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/link-layer-only-membership.ts';
import noMembership from '../../../src/doctor/rules/no-membership.ts';
import { ask, type Draft } from '../snapshot.ts';

function byHand(d: Draft, globalUsers: number): void {
  d.rx.netns.memberships = [];
  d.rx.netns.linkGroups = [{ interface: 'net1', mac: '01:00:5e:0a:14:1e', users: 1, globalUsers }];
}

test('fires on an entry made by hand, and no-membership leaves it the word', () => {
  const { finding } = ask(rule, (d) => byHand(d, 1));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]).toMatchObject({ at: 'pod/rx net1', source: '/proc/net/dev_mcast' });
  expect(ask(noMembership, (d) => byHand(d, 1)).outcome).toBe('skipped');
});

test('is silent on the entry of a group with the same MAC, and beside a membership', () => {
  expect(ask(rule, (d) => byHand(d, 0)).outcome).toBe('pass');
  const both = ask(rule, (d) => {
    const { memberships } = d.rx.netns;
    byHand(d, 1);
    d.rx.netns.memberships = memberships;
  });
  expect(both.outcome).toBe('pass');
});
