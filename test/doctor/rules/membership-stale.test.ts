import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/membership-stale.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

function madeAnew(d: Draft): void {
  d.rx.netns.links = d.rx.netns.links.map((l) => (l.name === 'net1' ? { ...l, mac: '02:ff:00:00:00:01' } : l));
  d.rx.netns.memberships = [];
}

test('fires when the interface has another MAC than was attached and the socket still waits', () => {
  const { finding } = ask(rule, madeAnew);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.observed).join()).toContain('had the MAC 02:00:00:00:00:03');
  expect(finding?.fixes).toEqual([{ kind: 'recreate' }]);
});

test('leaves the word when the group belongs to another interface', () => {
  const { outcome } = ask(rule, (d) => {
    madeAnew(d);
    d.rx.flows = [flow({ interface: 'eth0' })];
  });
  expect(outcome).toBe('pass');
});

test('is silent when the application joined again, when the MAC is the same, and when no socket waits', () => {
  const again = ask(rule, (d) => {
    const { memberships } = d.rx.netns;
    madeAnew(d);
    d.rx.netns.memberships = memberships;
  });
  expect(again.outcome).toBe('pass');
  expect(ask(rule, (d) => (d.rx.netns.memberships = [])).outcome).toBe('pass');
  const closed = ask(rule, (d) => {
    madeAnew(d);
    d.rx.netns.sockets = [];
  });
  expect(closed.outcome).toBe('pass');
});
