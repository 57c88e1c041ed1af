import { expect, test } from 'vitest';
import { podNetworkFacts } from '../../../src/facts/api/pod-network.ts';
import { known, unknown } from '../../../src/model/fact.ts';
import { type Answers, fakeCluster, forbidden } from './fake-cluster.ts';

const ds = (name: string, containers: object[] = [], namespace = 'kube-system') => ({
  metadata: { name, namespace },
  spec: { template: { spec: { containers } } },
});
const container = (image: string, more: object = {}) => ({ name: 'c', image, ...more });

function find(sets: unknown[], answers: Answers = {}) {
  return podNetworkFacts(fakeCluster(answers), known(sets) as never, known([]));
}

test.each([
  ['kube-flannel-ds', 'flannel'],
  ['kube-flannel-ds-amd64', 'flannel'],
  ['calico-node', 'calico'],
  ['canal', 'canal'],
  ['rke2-canal', 'canal'],
  ['cilium', 'cilium'],
  ['antrea-agent', 'antrea'],
  ['ovnkube-node', 'ovn-kubernetes'],
  ['sdn', 'openshift-sdn'],
  ['kube-ovn-cni', 'kube-ovn'],
  ['weave-net', 'weave'],
  ['aws-node', 'aws-vpc'],
  ['azure-cns', 'azure'],
  ['anetd', 'gke'],
  ['kube-router', 'kube-router'],
  ['kindnet', 'kindnet'],
  ['cilium-envoy', 'unknown'],
])('DaemonSet %s is %s', async (daemonSet, name) => {
  expect(await find([ds('kube-proxy'), ds(daemonSet)])).toMatchObject({ value: { name } });
});

test('what sits on top of another network comes first', async () => {
  expect(await find([ds('calico-node'), ds('cilium'), ds('aws-node')])).toMatchObject({ value: { name: 'cilium' } });
});

test('the version is that of the network’s own image', async () => {
  const images = [container('mesh:v9.9.9'), container('quay.io/cilium/cilium:v1.20.2@sha256:abc')];
  expect(await find([ds('cilium', images)])).toMatchObject({ value: { version: '1.20.2' } });
  expect(await find([ds('cilium', [container('cilium:latest')])])).not.toHaveProperty('value.version');
});

test('settings that bear on multicast, by their own names, and no others', async () => {
  const map = '/api/v1/namespaces/kube-system/configmaps/cilium-config';
  const data = { 'multicast-enabled': 'false', 'tunnel-protocol': 'vxlan', 'etcd-config': 'password: hunter2' };
  expect(await find([ds('cilium')], { [map]: { metadata: { name: 'x' }, data } })).toMatchObject({
    value: {
      settings: { 'multicast-enabled': 'false', 'tunnel-protocol': 'vxlan' },
      groups: { unknown: 'not asked for' },
    },
  });
  const refused = await find([ds('cilium')], { [map]: forbidden('get configmaps') });
  expect(refused).toMatchObject({ value: { settings: { 'not read': 'get configmaps is forbidden' } } });
});

test('switches on the command line', async () => {
  const node = container('ovn:1', { command: ['ovnkube', '--password=hunter2', '--enable-multicast'] });
  const facts = await find([ds('ovnkube-node', [node])]);
  expect(facts).toMatchObject({ value: { settings: { 'enable-multicast': 'true' } } });
  expect(JSON.stringify(facts)).not.toContain('hunter2');
});

const k3s = {
  name: 'n1',
  internalIPs: [],
  podCIDRs: [],
  kubeletVersion: '',
  kernelVersion: '',
  osImage: '',
  ready: true,
  annotations: { 'flannel.alpha.coreos.com/backend-type': 'vxlan' },
};

test('a network without a DaemonSet shows on the nodes, also where DaemonSets may not be listed', async () => {
  for (const sets of [known([]), unknown('forbidden')])
    expect(await podNetworkFacts(fakeCluster({}), sets, known([k3s]))).toMatchObject({
      value: { name: 'flannel', evidence: expect.stringContaining('of node n1') },
    });
  const bare = { ...k3s, annotations: {} };
  expect(await podNetworkFacts(fakeCluster({}), unknown('forbidden'), known([bare]))).toEqual(unknown('forbidden'));
  expect(await podNetworkFacts(fakeCluster({}), known([]), unknown('forbidden'))).toMatchObject({
    value: { name: 'unknown' },
  });
});
