/** A snapshot goes into tickets: what a cluster keeps secret must not be in it. */
import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { collect } from '../../src/facts/collect.ts';
import { NETWORKS_ANNOTATION } from '../../src/model/nad.ts';
import { fakeCluster } from './api/fake-cluster.ts';
import { access, DONE, LINKS, looked, MEMBER, pod, replay, type Said } from './observe/replay.ts';

const KUBECONFIG = 'users:\n- name: admin\n  user:\n    token: hunter2-kubeconfig\n    client-key-data: hunter2-key\n';
const env = [{ name: 'DB_PASSWORD', value: 'hunter2-env' }];
const annotations = {
  [NETWORKS_ANNOTATION]: 'mcast',
  'vault.hashicorp.com/token': 'hunter2-annotation',
  'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ spec: { containers: [{ env }] } }),
};
const template = {
  metadata: { annotations },
  spec: { containers: [{ name: 'app', env, args: ['--password=hunter2-args'] }] },
};

function cluster() {
  const base = pod({ annotations });
  const rx = {
    ...base,
    metadata: {
      ...base.metadata,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'rx', uid: 'd', controller: true }],
      managedFields: [{ manager: 'hunter2-manager', fieldsV1: { 'f:spec': { 'f:hunter2': {} } } }],
    },
    spec: {
      ...base.spec,
      containers: [{ name: 'app', image: 'app:1', env, command: ['x', '--token=hunter2-command'] }],
      volumes: [{ secret: { secretName: 'hunter2-volume' } }],
    },
  };
  const flannel = {
    metadata: { name: 'kube-flannel-ds', namespace: 'kube-flannel', annotations },
    spec: {
      template: {
        spec: { containers: [{ name: 'f', image: 'flannel:v1.0.0', env, args: ['--etcd-password=hunter2-flannel'] }] },
      },
    },
  };
  return fakeCluster({
    '/api/v1/namespaces/video/pods/rx': rx,
    '/api/v1/pods': [rx],
    '/apis/apps/v1/namespaces/video/deployments/rx': {
      metadata: { name: 'rx', annotations },
      spec: { replicas: 1, template },
    },
    '/apis/apps/v1/daemonsets': [flannel],
    '/api/v1/namespaces/kube-flannel/configmaps/kube-flannel-cfg': {
      metadata: { name: 'x' },
      data: { 'net-conf.json': '{}', kubeconfig: KUBECONFIG },
    },
    '/apis/k8s.cni.cncf.io/v1/network-attachment-definitions': [
      {
        metadata: { name: 'mcast', namespace: 'video', annotations },
        spec: { config: '{"type":"macvlan","master":"eth1"}' },
      },
    ],
    '/api/v1/nodes': [{ metadata: { name: 'node1', annotations } }],
    '/api/v1/namespaces/video': { metadata: { name: 'video', annotations } },
  });
}

/** Files of a node that hold credentials, though nobody asked for the last. */
const FILES: Said[] = [
  ['/proc/1/root/etc/cni/net.d/00-multus.conf', JSON.stringify({ type: 'multus', kubeconfig: KUBECONFIG })],
  ['/proc/1/root/etc/cni/net.d/multus.d/multus.kubeconfig', KUBECONFIG],
  ['/proc/self/environ', 'DB_PASSWORD=hunter2-environ'],
].map(([path = '', text = '']) => ({ type: 'file', phase: 'before', path, text }));
const LISTS: Said[] = ['cni-configurations', 'cni-plugins'].map((name) => ({
  ...(LINKS as Extract<Said, { type: 'command' }>),
  name,
  stdout: '00-multus.conf\n',
}));

test('no environment value, token, argument, or credential of a file is in a snapshot or a diagnosis', async () => {
  const vantage = replay('node-pod', (place) => [
    LINKS,
    MEMBER,
    ...FILES,
    ...LISTS,
    ...(place.look ? [looked('look', 1)] : []),
    DONE,
  ]);
  const snapshot = await collect(
    cluster(),
    {
      targets: [{ kind: 'pod', name: 'rx' }],
      written: ['rx'],
      namespace: 'video',
      groups: [],
      duration: 100,
      whole: false,
      version: '1',
      now: new Date(0),
    },
    { access: () => access({ nodePod: vantage }), announce: () => {} },
  );
  // What is to be found is there: an empty snapshot would have no secrets either.
  expect(snapshot).toMatchObject({
    targets: [{ pod: { value: { owners: [{ name: 'rx' }] } }, observation: { value: {} } }],
    nodes: [{ cni: { value: { configurations: [{ type: 'multus' }] } } }],
    cluster: { attachments: { value: [{ name: 'mcast' }] }, podNetwork: { value: { name: 'flannel' } } },
  });
  expect(JSON.stringify(snapshot)).not.toContain('hunter2');
  expect(JSON.stringify(diagnose(snapshot, rules))).not.toContain('hunter2');
});
