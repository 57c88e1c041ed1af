import { expect, test } from 'vitest';
import { clusterFacts } from '../../../src/facts/api/cluster-facts.ts';
import { nodeObjects } from '../../../src/facts/api/nodes.ts';
import { NETWORKS_ANNOTATION } from '../../../src/model/nad.ts';
import { caseOf } from '../../doctor/snapshot.ts';
import { type Answers, fakeCluster, forbidden } from './fake-cluster.ts';

const pod = { ...caseOf().pod!, annotations: { [NETWORKS_ANNOTATION]: 'infra/mcast' } };

async function read(answers: Answers) {
  const cluster = fakeCluster(answers);
  const facts = await clusterFacts(cluster, 'video', nodeObjects(cluster), Promise.resolve([pod]));
  return { facts, asked: cluster.asked };
}

/** Everything refuses, except what is named. */
function closed(open: Answers): Answers {
  return new Proxy(open, {
    has: () => true,
    get: (target, key) => (key in target ? target[String(key)] : forbidden(`get ${String(key)}`)),
  });
}

test('a user who may read nothing: every fact is unknown with its reason, and none is fine', async () => {
  const { facts } = await read(closed({}));
  const { context, metaPlugin, ...others } = facts;
  expect(context).toBe('test');
  for (const [name, fact] of Object.entries(others))
    expect(fact, name).toEqual({ unknown: expect.stringMatching(/^get \/\S+ is forbidden$/) });
  // The pod itself carries network-status.
  expect(metaPlugin).toMatchObject({ value: { present: true } });
});

test('attachments are looked for where the pod’s annotation says', async () => {
  const { facts, asked } = await read(
    closed({
      '/apis/k8s.cni.cncf.io/v1/namespaces/infra/network-attachment-definitions': [],
      '/apis/k8s.cni.cncf.io/v1/namespaces/video/network-attachment-definitions': [],
    }),
  );
  expect(facts.attachments).toEqual({ value: [] });
  expect(asked.filter((path) => path.includes('/namespaces/infra/'))).toHaveLength(1);
});

test('whereabouts: an API that is not there is an answer', async () => {
  expect((await read({})).facts.whereabouts).toEqual({ value: false });
  const there = await read({ '/apis/whereabouts.cni.cncf.io/v1alpha1': {} });
  expect(there.facts.whereabouts).toEqual({ value: true });
});

test('annotations of namespaces and nodes that bear on multicast, and no others', async () => {
  const { facts } = await read({
    '/api/v1/namespaces/video': {
      metadata: {
        name: 'video',
        annotations: { 'k8s.ovn.org/multicast-enabled': 'true', 'ci.example/token': 'hunter2' },
      },
    },
    '/api/v1/nodes': [
      {
        metadata: {
          name: 'n1',
          annotations: { 'projectcalico.org/IPv4Address': 'x', 'cloud.example/secret': 'hunter2' },
        },
        spec: { podCIDRs: ['10.244.0.0/24'], providerID: 'aws:///i-1' },
        status: {
          addresses: [
            { type: 'InternalIP', address: '192.0.2.1' },
            { type: 'Hostname', address: 'n1' },
          ],
          conditions: [{ type: 'Ready', status: 'True' }],
        },
      },
    ],
  });
  expect(facts.namespaces).toEqual({ value: { video: { 'k8s.ovn.org/multicast-enabled': 'true' } } });
  expect(facts.nodes).toMatchObject({
    value: [
      {
        name: 'n1',
        internalIPs: ['192.0.2.1'],
        podCIDRs: ['10.244.0.0/24'],
        providerID: 'aws:///i-1',
        ready: true,
        annotations: { 'projectcalico.org/IPv4Address': 'x' },
      },
    ],
  });
  expect(JSON.stringify(facts)).not.toContain('hunter2');
});
