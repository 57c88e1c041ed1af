import { expect, test } from 'vitest';
import { podAddressFacts, serviceAddressFacts } from '../../../src/facts/api/addresses.ts';
import { known, unknown } from '../../../src/model/fact.ts';
import { STATUS_ANNOTATION } from '../../../src/model/nad.ts';
import { fakeCluster, forbidden } from './fake-cluster.ts';

const status = JSON.stringify([
  { name: 'cbr0', default: true, ips: ['10.244.1.7'] },
  { name: 'video/mcast', interface: 'net1', ips: ['10.50.0.7'], mac: '02:00:00:00:00:07' },
]);
const pod = {
  metadata: { name: 'rx', namespace: 'video', annotations: { [STATUS_ANNOTATION]: status } },
  spec: { nodeName: 'n1' },
};
const plain = { metadata: { name: 'plain', namespace: 'video' }, spec: {} };
const address = {
  pod: 'rx',
  namespace: 'video',
  node: 'n1',
  network: 'video/mcast',
  interface: 'net1',
  ips: ['10.50.0.7'],
  mac: '02:00:00:00:00:07',
};

test('secondary interfaces of all pods', async () => {
  expect(await podAddressFacts(fakeCluster({ '/api/v1/pods': [pod, plain] }), 'video')).toEqual(known([address]));
});

test('of one namespace where that is all that may be listed, else unknown', async () => {
  const cluster = fakeCluster({ '/api/v1/pods': forbidden('list pods'), '/api/v1/namespaces/video/pods': [pod] });
  expect(await podAddressFacts(cluster, 'video')).toEqual(known([address]));
  expect(
    await podAddressFacts(
      fakeCluster({ '/api/v1/pods': forbidden('a'), '/api/v1/namespaces/video/pods': forbidden('list pods in video') }),
      'video',
    ),
  ).toEqual(unknown('list pods in video is forbidden'));
});

const API = '/api/v1/namespaces/default/services/kubernetes';
const DNS = '/api/v1/namespaces/kube-system/services/kube-dns';
const service = (...clusterIPs: string[]) => ({ metadata: { name: 's' }, spec: { clusterIPs } });

test('addresses of services: what one may not read, the other may tell', async () => {
  expect(
    await serviceAddressFacts(fakeCluster({ [API]: service('10.96.0.1'), [DNS]: service('10.96.0.10', 'None') })),
  ).toEqual(known(['10.96.0.1', '10.96.0.10']));
  expect(await serviceAddressFacts(fakeCluster({ [API]: forbidden('x'), [DNS]: service('10.96.0.10') }))).toEqual(
    known(['10.96.0.10']),
  );
  expect(await serviceAddressFacts(fakeCluster({ [API]: forbidden('get services'), [DNS]: forbidden('y') }))).toEqual(
    unknown('get services is forbidden'),
  );
});
