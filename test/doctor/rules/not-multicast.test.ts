import { expect, test } from 'vitest';
import { diagnose } from '../../../src/doctor/diagnose.ts';
import { rules } from '../../../src/doctor/rules/index.ts';
import rule from '../../../src/doctor/rules/not-multicast.ts';
import { ask, type Draft, snapshot } from '../snapshot.ts';

const unicast = (d: Draft) => {
  d.group = '10.50.0.21:6000';
};

test('fires on an address that is no group, and no other rule is asked then', () => {
  expect(ask(rule, unicast).finding?.severity).toBe('error');
  const [diagnosis] = diagnose(snapshot(unicast), rules);
  expect(diagnosis?.findings.map((f) => f.rule)).toEqual(['not-multicast']);
  expect(diagnosis?.rootCause).toBe('not-multicast');
});

test('is silent on groups of both families', () => {
  expect(ask(rule).outcome).toBe('pass');
  expect(ask(rule, (d) => (d.group = '[ff15::1234]:6000')).outcome).toBe('pass');
});
