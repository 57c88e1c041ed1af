import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/flannel-enablemulticast.ts';
import { findings, fixture } from '../manifests.ts';
import { ask } from '../snapshot.ts';

const conf = (more: string) => `{"Network": "10.244.0.0/16", ${more}"Backend": {"Type": "vxlan"}}`;
const flannel = (text: string) =>
  ask(rule, (d) => {
    d.cluster.podNetwork = {
      name: 'flannel',
      evidence: '',
      settings: { 'net-conf.json': text },
      groups: { unknown: '' },
    };
  });

test('in its ConfigMap and in Helm values', () => {
  const [found] = findings(rule, fixture('myths'));
  expect(found?.severity).toBe('warning');
  expect(found?.evidence).toEqual([
    {
      at: 'myths/networks.yaml:5',
      source: 'ConfigMap kube-flannel/kube-flannel-cfg',
      observed: 'EnableMulticast: true',
    },
  ]);
  expect(findings(rule, 'podCidr: 10.244.0.0/16\nflannel: {enableMulticast: true}\n')).toHaveLength(1);
  expect(findings(rule, 'podCidr: 10.244.0.0/16\nflannel: {backend: vxlan}\n')).toEqual([]);
});

test('in a cluster that runs', () => {
  expect(flannel(conf('"EnableMulticast": true, ')).finding?.evidence[0]?.observed).toBe('EnableMulticast: true');
  expect(flannel(conf('')).outcome).toBe('pass');
});

test('another network is not asked', () => {
  const other = ask(rule, (d) => {
    d.cluster.podNetwork = { name: 'cilium', evidence: '', settings: {}, groups: { unknown: '' } };
  });
  expect(other.outcome).toBe('skipped');
});
