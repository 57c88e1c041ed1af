import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/calico-multicast.ts';
import { findings, fixture } from '../manifests.ts';

test('a policy that allows groups to pods; not one that denies them, nor one for hosts', () => {
  const found = findings(rule, fixture('myths'));
  expect(found.map((f) => f.severity)).toEqual(['warning']);
  expect(found[0]?.title).toContain('policy');
  expect(found[0]?.evidence.map((e) => [e.at, e.source])).toEqual([
    ['myths/networks.yaml:21', 'GlobalNetworkPolicy allow-multicast'],
  ]);
});

test('a setting with multicast in its name', () => {
  const text = (key: string) =>
    `apiVersion: operator.tigera.io/v1\nkind: Installation\nmetadata: {name: default}\nspec: {calicoNetwork: {${key}: Enabled}}\n`;
  expect(findings(rule, text('multicast'))[0]?.title).toContain('no setting');
  expect(findings(rule, text('bgp'))).toEqual([]);
});
