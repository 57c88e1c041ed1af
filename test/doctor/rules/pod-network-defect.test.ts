import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/pod-network-defect.ts';
import { onPodNetworkAlone } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const on =
  (name: string, version: string | undefined, settings: Record<string, string> = {}) =>
  (d: Draft) => {
    onPodNetworkAlone(d);
    d.cluster.podNetwork.name = name;
    d.cluster.podNetwork.settings = settings;
    if (version !== undefined) d.cluster.podNetwork.version = version;
  };
const ON = { 'multicast-enabled': 'true' };

test('warns of a version in which groups cannot be added', () => {
  const { finding } = ask(rule, on('cilium', '1.18.2', ON));
  expect(finding?.severity).toBe('warning');
  expect(finding?.evidence[1]?.source).toBe('github.com/cilium/cilium/issues/42079');
});

test('is an error where the settings rule multicast out, whatever the version', () => {
  for (const version of ['1.20.2', undefined])
    expect(ask(rule, on('cilium', version, { ...ON, 'tunnel-protocol': 'geneve' })).finding?.severity).toBe('error');
});

test.each([
  ['antrea', '2.3.0', 'fail'],
  ['antrea', '2.3.1', 'pass'],
  ['kube-ovn', '1.12.20', 'fail'],
  ['kube-ovn', '1.13.0', 'pass'],
  ['kube-ovn', '1.12.16', 'pass'],
] as const)('%s %s: %s', (name, version, outcome) => {
  expect(ask(rule, on(name, version)).outcome).toBe(outcome);
});

test('leaves the word when the stream is on the node’s LAN', () => {
  const { outcome } = ask(rule, (d) => {
    on('antrea', '1.4.0')(d);
    d.node.flows = [flow({ interface: 'eth1' })];
  });
  expect(outcome).toBe('pass');
  expect(ask(rule, on('antrea', '1.4.0')).finding?.severity).toBe('error');
});

test('is silent on sound versions and unknown ones, and leaves the word where multicast is off', () => {
  expect(ask(rule, on('cilium', '1.20.2', ON)).outcome).toBe('pass');
  expect(ask(rule, on('antrea', undefined)).outcome).toBe('pass');
  expect(ask(rule, on('cilium', '1.18.2')).outcome).toBe('skipped');
  expect(ask(rule).outcome).toBe('skipped');
});
