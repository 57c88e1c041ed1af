import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/ipv6-disabled.ts';
import noMembership from '../../../src/doctor/rules/no-membership.ts';
import { asksForIpv6, silence } from '../roles.ts';
import { address, ask, type Draft } from '../snapshot.ts';

const SWITCH = 'net.ipv6.conf.net1.disable_ipv6';

function off(d: Draft): void {
  asksForIpv6(d);
  silence(d);
  d.rx.netns.memberships = [];
  d.rx.netns.sysctls[SWITCH] = '1';
}

test('fires when IPv6 is off on the interface of the group, and no-membership leaves it the word', () => {
  const { finding } = ask(rule, off);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]).toMatchObject({ at: 'pod/rx net1', source: SWITCH, observed: '1' });
  expect(finding?.fixes).toEqual([
    { kind: 'attachment', namespace: 'video', name: 'mcast', edits: [{ set: 'sysctl', name: SWITCH, value: '0' }] },
    { kind: 'recreate' },
  ]);
  expect(ask(noMembership, off).outcome).toBe('skipped');
});

test('fires on a member, too: a join that names the interface succeeds without IPv6', () => {
  const { outcome } = ask(rule, (d) => {
    off(d);
    d.rx.netns.memberships.push({ family: 6, interface: 'net1', group: 'ff15::1234', users: 1 });
  });
  expect(outcome).toBe('fail');
});

test('is silent when it is on, or there is an IPv6 address all the same', () => {
  expect(ask(rule, asksForIpv6).outcome).toBe('pass');
  const both = ask(rule, (d) => {
    off(d);
    d.rx.netns.addresses.push(address('net1', 'fe80::3', 64));
  });
  expect(both.outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});
