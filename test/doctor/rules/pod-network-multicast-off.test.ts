import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/pod-network-multicast-off.ts';
import { onPodNetworkAlone } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const on =
  (name: string, settings: Record<string, string> = {}, annotations: Record<string, string> = {}) =>
  (d: Draft) => {
    onPodNetworkAlone(d);
    d.cluster.podNetwork.name = name;
    d.cluster.podNetwork.evidence = `DaemonSet kube-system/${name}`;
    d.cluster.podNetwork.settings = settings;
    d.cluster.namespaces = { video: annotations };
  };
const ANTREA = 'multicast:\n  # Enable multicast.\n  enable: VALUE\n';

test.each([
  ['cilium', on('cilium'), '"multicast-enabled":"true"'],
  ['OVN-Kubernetes', on('ovn-kubernetes'), 'kubectl annotate namespace video k8s.ovn.org/multicast-enabled=true'],
  ['Antrea', on('antrea', { 'antrea-agent.conf': ANTREA.replace('VALUE', 'false') }), 'multicast.enable=true'],
])('fires on %s without its switch, and switches it on', (_, patch, command) => {
  const { finding } = ask(rule, patch);
  expect(finding?.severity).toBe('error');
  expect(finding?.fixes[0]?.kind === 'cluster' && finding.fixes[0].run).toContain(command);
});

test.each([
  ['cilium', on('cilium', { 'multicast-enabled': 'true' })],
  ['Cilium whose settings could not be read', on('cilium', { 'not read': 'forbidden' })],
  ['OVN-Kubernetes', on('ovn-kubernetes', {}, { 'k8s.ovn.org/multicast-enabled': 'true' })],
  ['Antrea', on('antrea', { 'antrea-agent.conf': ANTREA.replace('VALUE', 'true') })],
  ['a network without a switch', on('flannel')],
])('is silent on %s with it on', (_, patch) => {
  expect(ask(rule, patch).outcome).toBe('pass');
});

test('leaves the word when the stream is on the node’s LAN, or arrives', () => {
  const lan = ask(rule, (d) => {
    on('cilium')(d);
    d.node.flows = [flow({ interface: 'eth1' })];
  });
  expect(lan.outcome).toBe('pass');
  const arrives = ask(rule, (d) => {
    on('cilium')(d);
    d.rx.flows = [flow({ interface: 'eth0' })];
  });
  expect(arrives.outcome).toBe('skipped');
});
