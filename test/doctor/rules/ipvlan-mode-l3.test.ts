import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/ipvlan-mode-l3.ts';
import { ask, type Draft, nadConfig } from '../snapshot.ts';

function ipvlan(d: Draft, mode: string): void {
  d.cluster.attachments[0]!.config = nadConfig({ type: 'ipvlan', mode });
  Object.assign(d.rx.netns.links[2]!, { kind: 'ipvlan', mode });
  d.rx.flows = [];
}

test.each(['l3', 'l3s'])('mode %s carries no multicast', (mode) => {
  const { finding } = ask(rule, (d) => ipvlan(d, mode));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.observed)).toEqual([`ipvlan mode ${mode}`, mode]);
  expect(finding?.fixes).toEqual([
    { kind: 'attachment', namespace: 'video', name: 'mcast', edits: [{ set: 'mode', value: 'l2' }] },
    { kind: 'recreate' },
  ]);
});

test('is known from the attachment where the pod could not be looked into', () => {
  const { outcome } = ask(rule, (d) => {
    ipvlan(d, 'l3');
    d.missing.observation = 'exec is forbidden';
  });
  expect(outcome).toBe('fail');
});

test('is silent on l2, also when the attachment was changed to l3 afterwards', () => {
  expect(ask(rule, (d) => ipvlan(d, 'l2')).outcome).toBe('pass');
  const changed = ask(rule, (d) => {
    ipvlan(d, 'l3');
    d.rx.netns.links[2]!.mode = 'l2';
  });
  expect(changed.outcome).toBe('pass');
});
