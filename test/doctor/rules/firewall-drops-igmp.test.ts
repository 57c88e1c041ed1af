import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/firewall-drops-igmp.ts';
import { drops } from '../firewall.ts';
import { silence } from '../roles.ts';
import { ask, type Draft } from '../snapshot.ts';

const IGMP = [{ kind: 'protocol' as const, protocols: [2] }];

function noReports(d: Draft): void {
  drops(d, 'output', IGMP, '-A OUTPUT -p igmp -j DROP');
}

test('fires on a rule that keeps reports in, and lets the application join again after it', () => {
  const { finding } = ask(rule, (d) => {
    silence(d);
    noReports(d);
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain('stops IGMP reports');
  expect(finding?.fixes.at(-1)).toEqual({ kind: 'recreate' });
});

test('fires on a rule that keeps queries out', () => {
  const { finding } = ask(rule, (d) => {
    silence(d);
    drops(d, 'input', IGMP, '-A INPUT -p igmp -j DROP');
  });
  expect(finding?.title).toContain('stops IGMP queries');
});

test('only warns while the stream still comes', () => {
  expect(ask(rule, noReports).finding?.severity).toBe('warning');
});

test('is silent on rules for other protocols, and unknown without a listing', () => {
  expect(
    ask(rule, (d) => drops(d, 'output', [{ kind: 'protocol', protocols: [6] }], '-A OUTPUT -p tcp -j DROP')).outcome,
  ).toBe('pass');
  expect(ask(rule, (d) => (d.missing.firewall = 'nft: not found')).outcome).toBe('unknown');
});
