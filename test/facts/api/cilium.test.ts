import { expect, test } from 'vitest';
import { ciliumGroups, parseGroups, parseSubscribers } from '../../../src/facts/api/cilium.ts';
import { fakeCluster, forbidden } from './fake-cluster.ts';

/** As cilium-dbg 1.20 prints them. */
const GROUPS = '[\n  "239.255.9.9",\n  "239.1.2.3"\n]\n';
const SUBSCRIBERS = `[
  {"group_address": "239.255.9.9", "subscribers": [
    {"SAddr": "10.244.0.18", "Ifindex": 14, "IsRemote": false},
    {"SAddr": "10.244.1.77", "Ifindex": 3, "IsRemote": true}]},
  {"group_address": "239.1.2.3", "subscribers": null}
]`;

test('groups and subscribers', () => {
  expect(parseGroups(GROUPS)).toEqual(['239.255.9.9', '239.1.2.3']);
  expect(parseSubscribers(SUBSCRIBERS)).toEqual([
    { group: '239.255.9.9', address: '10.244.0.18', remote: false },
    { group: '239.255.9.9', address: '10.244.1.77', remote: true },
  ]);
});

test('an empty table', () => {
  for (const text of ['null', '[]', '', '\n']) {
    expect(parseGroups(text)).toEqual([]);
    expect(parseSubscribers(text)).toEqual([]);
  }
});

const agent = (name: string, nodeName: string, phase = 'Running') => ({
  metadata: { name },
  spec: { nodeName },
  status: { phase },
});
const PODS = '/api/v1/namespaces/kube-system/pods';
const NODES = '/apis/cilium.io/v2/ciliumnodes';

test('each running agent is asked; one that cannot say is unknown, with its words', async () => {
  const cluster = fakeCluster(
    {
      [`${PODS}?labelSelector=k8s-app=cilium`]: [
        agent('c1', 'node1'),
        agent('c2', 'node2'),
        agent('c3', 'node3', 'Pending'),
      ],
      [NODES]: [
        {
          metadata: { name: 'node1' },
          spec: {
            addresses: [
              { type: 'InternalIP', ip: '172.30.0.11' },
              { type: 'CiliumInternalIP', ip: '10.244.0.5' },
            ],
          },
        },
      ],
    },
    ({ pod, command }) => (pod === 'c2' ? undefined : command.includes('group') ? GROUPS : SUBSCRIBERS),
  );
  const groups = await ciliumGroups(cluster, 'kube-system');
  expect(groups).toMatchObject({
    value: [
      { node: 'node1', pod: 'c1', internalIP: '10.244.0.5', groups: { value: ['239.255.9.9', '239.1.2.3'] } },
      { node: 'node2', groups: { unknown: 'cilium-dbg in pod c2: Error: no such thing' } },
    ],
  });
  expect('value' in groups && groups.value).toHaveLength(2);
});

test('agents that may not be listed are unknown', async () => {
  expect(await ciliumGroups(fakeCluster({ [PODS]: forbidden('list pods'), [NODES]: [] }), 'kube-system')).toEqual({
    unknown: 'list pods is forbidden',
  });
});
