import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/cilium-masquerade-for-multicast.ts';
import { findings, fixture } from '../manifests.ts';

const agent = (cidr: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ip-masq-agent, namespace: kube-system}\ndata:\n  config: |\n    nonMasqueradeCIDRs: [${cidr}]\n`;

test('groups among the exceptions', () => {
  const [found] = findings(rule, fixture('myths'));
  expect(found?.severity).toBe('warning');
  expect(found?.evidence.map((e) => [e.at, e.observed])).toEqual([
    ['myths/cilium-values.yaml:10', 'ipMasqAgent.config.nonMasqueradeCIDRs: 224.0.0.0/4'],
  ]);
  expect(findings(rule, agent('224.0.0.0/4'))).toHaveLength(1);
  expect(findings(rule, agent('10.0.0.0/8'))).toEqual([]);
});

test('masquerading that is off is a note where multicast is wanted, and nothing elsewhere', () => {
  const off = 'enableIPv4Masquerade: false\n';
  expect(findings(rule, `${off}extraConfig: {multicast-enabled: "true"}\n`)[0]?.severity).toBe('info');
  expect(findings(rule, off)).toEqual([]);
});
