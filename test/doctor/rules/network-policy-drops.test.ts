import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/network-policy-drops.ts';
import { onPodNetworkAlone, sends } from '../roles.ts';
import { ask, type Draft } from '../snapshot.ts';

function policed(d: Draft, name: string, types: string[], prefixes: string[] = []): void {
  onPodNetworkAlone(d);
  d.cluster.podNetwork.name = name;
  d.pod.labels = { app: 'tx', 'pod-template-hash': 'abc' };
  d.cluster.policies = [
    {
      namespace: 'video',
      name: 'strict',
      kind: 'NetworkPolicy',
      selectsTarget: true,
      types,
      egressPrefixes: prefixes,
      ingressPrefixes: prefixes,
    },
  ];
}
const sender = (name: string, prefixes?: string[]) => (d: Draft) => {
  policed(d, name, ['Egress'], prefixes);
  sends(d, { interface: 'eth0', source: '10.244.1.7' });
};

test('fires on a sender whose egress does not name the group, and allows it for its workload alone', () => {
  const { finding } = ask(rule, sender('kube-ovn', ['10.0.0.0/8']));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]).toMatchObject({ at: 'NetworkPolicy video/strict' });
  const [fix] = finding?.fixes ?? [];
  expect(fix).toMatchObject({ kind: 'cluster', undo: 'kubectl -n video delete networkpolicy multicast-239-10-20-30' });
  expect(fix?.kind === 'cluster' && fix.run).toContain('"podSelector":{"matchLabels":{"app":"tx"}}');
  expect(fix?.kind === 'cluster' && fix.run).toContain('"cidr":"239.10.20.30/32"');
});

test('suspects ingress of a receiver, whose senders it cannot resolve', () => {
  expect(ask(rule, (d) => policed(d, 'kube-ovn', ['Ingress'])).finding?.severity).toBe('warning');
  expect(ask(rule, (d) => policed(d, 'kube-ovn', ['Ingress'], ['0.0.0.0/0'])).outcome).toBe('pass');
  expect(ask(rule, (d) => policed(d, 'kube-router', ['Ingress'])).outcome).toBe('pass');
});

test('is silent when the group is allowed, when the policy is for others, and where policies do not act on multicast', () => {
  expect(ask(rule, sender('kube-ovn', ['224.0.0.0/4'])).outcome).toBe('pass');
  const others = ask(rule, (d) => {
    sender('kube-ovn')(d);
    d.cluster.policies[0]!.selectsTarget = false;
  });
  expect(others.outcome).toBe('pass');
  expect(ask(rule, sender('ovn-kubernetes')).outcome).toBe('skipped');
  expect(ask(rule).outcome).toBe('skipped');
});
