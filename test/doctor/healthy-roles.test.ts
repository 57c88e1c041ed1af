import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { asksForIpv6, onHostNetwork, sends } from './roles.ts';
import { type Draft, snapshot } from './snapshot.ts';

test.each<[string, (d: Draft) => void]>([
  ['a sender', (d) => sends(d)],
  ['a receiver of an IPv6 group', asksForIpv6],
  ['a receiver with hostNetwork', onHostNetwork],
])('no rule speaks of %s that is healthy', (_, patch) => {
  const [diagnosis] = diagnose(snapshot(patch), rules);
  expect(diagnosis?.findings).toEqual([]);
  expect(diagnosis?.verdict).toBe('healthy');
});
