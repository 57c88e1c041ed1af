import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/ipv6-default-interface.ts';
import wrongInterface from '../../../src/doctor/rules/joined-on-wrong-interface.ts';
import { asksForIpv6 } from '../roles.ts';
import { ask, type Draft } from '../snapshot.ts';

function joinedByDefault(d: Draft): void {
  asksForIpv6(d);
  d.rx.netns.memberships = [{ family: 6, interface: 'eth0', group: 'ff15::1234', users: 1 }];
  d.rx.flows = [];
}

test('says why the join went to the first interface; the error is joined-on-wrong-interface', () => {
  const { finding } = ask(rule, joinedByDefault);
  expect(finding?.severity).toBe('info');
  expect(finding?.title).toContain('go to eth0');
  expect(finding?.evidence[0]?.observed).toBe('ff00::/8 by eth0 and net1');
  expect(ask(wrongInterface, joinedByDefault).finding?.severity).toBe('error');
});

test('is silent when the application named the interface, and when the first one is right', () => {
  expect(ask(rule, asksForIpv6).outcome).toBe('pass');
  const right = ask(rule, (d) => {
    asksForIpv6(d);
    d.rx.netns.routes = d.rx.netns.routes.filter((r) => r.nextHops[0]?.interface !== 'eth0');
  });
  expect(right.outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});
