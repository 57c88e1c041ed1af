import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/pod-network-no-multicast.ts';
import { onHostNetwork, onPodNetworkAlone, sends } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const on = (name: string) => (d: Draft) => {
  onPodNetworkAlone(d);
  d.cluster.podNetwork.name = name;
};

test('fires on networks that carry nothing, or only on one node', () => {
  expect(ask(rule, on('calico')).finding?.title).toContain('Calico for the group, which carries no multicast at all');
  const { finding } = ask(rule, on('flannel'));
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain('between nodes');
  expect(finding?.evidence[0]?.source).toBe('DaemonSet kube-flannel/kube-flannel-ds');
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['advice', 'alternative', 'alternative']);
});

test('fires on a sender too', () => {
  const { finding } = ask(rule, (d) => {
    on('flannel')(d);
    sends(d, { interface: 'eth0', source: '10.244.1.7' });
  });
  expect(finding?.evidence[1]?.observed).toContain('leaves: 10 datagrams from 10.244.1.7');
});

test('leaves the word where there is a switch for it, and where the stream is on the node’s LAN', () => {
  expect(ask(rule, on('cilium')).outcome).toBe('pass');
  expect(ask(rule, on('weave')).outcome).toBe('pass');
  const lan = ask(rule, (d) => {
    on('flannel')(d);
    d.node.flows = [flow({ interface: 'eth1' })];
  });
  expect(lan.outcome).toBe('pass');
});

test('has nothing to say of pods that do not depend on the pod network', () => {
  expect(ask(rule).outcome).toBe('skipped');
  expect(ask(rule, onHostNetwork).outcome).toBe('skipped');
});
