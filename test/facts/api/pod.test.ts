import { expect, test } from 'vitest';
import { containersOf, type PodObject, podFacts } from '../../../src/facts/api/pod.ts';
import { NETWORKS_ANNOTATION, STATUS_ANNOTATION } from '../../../src/model/nad.ts';
import { fakeCluster, forbidden } from './fake-cluster.ts';

const EVENTS = '/api/v1/namespaces/video/events';

const pod: PodObject = {
  metadata: {
    name: 'rx',
    namespace: 'video',
    uid: 'u1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'rx' },
    annotations: {
      [NETWORKS_ANNOTATION]: 'mcast',
      [STATUS_ANNOTATION]: '[{"name":"video/mcast","interface":"net1","ips":["10.50.0.7"]}]',
      'vault.example/token': 'hunter2',
    },
  },
  spec: {
    nodeName: 'node1',
    containers: [
      { name: 'app', image: 'app:1' },
      { name: 'side', image: 'side:1' },
    ],
    securityContext: { sysctls: [{ name: 'net.ipv4.igmp_max_memberships', value: '50' }] },
  },
  status: {
    phase: 'Running',
    podIPs: [{ ip: '10.244.1.7' }],
    containerStatuses: [
      { name: 'side', image: 'side:1', restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } },
      { name: 'app', image: 'app:1', containerID: 'containerd://c0ffee', state: { running: {} } },
    ],
  },
};

test('what a diagnosis needs of a pod, and no annotation of anybody else', async () => {
  const events = [
    { metadata: { name: 'e1' }, reason: 'Pulled', message: 'old', lastTimestamp: '2026-01-01T00:00:01Z' },
    {
      metadata: { name: 'e2' },
      reason: 'FailedCreatePodSandBox',
      message: 'new',
      eventTime: '2026-01-01T00:00:02Z',
      count: 7,
    },
  ];
  const cluster = fakeCluster({ [EVENTS]: events });
  const facts = await podFacts(cluster, pod);
  expect(facts).toMatchObject({
    name: 'rx',
    node: 'node1',
    phase: 'Running',
    podIPs: ['10.244.1.7'],
    sysctls: [{ name: 'net.ipv4.igmp_max_memberships', value: '50' }],
    status: [{ name: 'video/mcast', interface: 'net1', ips: ['10.50.0.7'], default: false }],
    containers: [
      { name: 'app', id: 'c0ffee', state: 'running', restarts: 0 },
      { name: 'side', state: 'waiting', reason: 'CrashLoopBackOff', restarts: 4 },
    ],
    events: {
      value: [
        { reason: 'FailedCreatePodSandBox', count: 7 },
        { reason: 'Pulled', count: 1 },
      ],
    },
  });
  expect(Object.keys(facts.annotations)).toEqual([NETWORKS_ANNOTATION, STATUS_ANNOTATION]);
  expect(cluster.asked).toContain(`${EVENTS}?fieldSelector=involvedObject.uid=u1`);
});

test('events that may not be read are unknown, with the reason', async () => {
  const facts = await podFacts(fakeCluster({ [EVENTS]: forbidden('list events in video') }), pod);
  expect(facts.events).toEqual({ unknown: 'list events in video is forbidden' });
});

test('a pod that never started has no status of its networks, and none of its containers an id', async () => {
  const { status: _, ...bare } = pod;
  const { [STATUS_ANNOTATION]: __, ...annotations } = pod.metadata.annotations!;
  const facts = await podFacts(fakeCluster({}), { ...bare, metadata: { ...pod.metadata, annotations } });
  expect(facts).toMatchObject({ phase: 'Unknown', podIPs: [], status: null });
  expect(containersOf(bare)).toEqual([
    { name: 'app', image: 'app:1', state: 'unknown', restarts: 0 },
    { name: 'side', image: 'side:1', state: 'unknown', restarts: 0 },
  ]);
});

test('a refused pod says why', async () => {
  const refused = { ...pod, status: { phase: 'Failed', reason: 'SysctlForbidden', message: 'forbidden sysctl' } };
  expect(await podFacts(fakeCluster({}), refused)).toMatchObject({
    statusReason: 'SysctlForbidden',
    statusMessage: 'forbidden sysctl',
  });
});

const wrote = (time: string, key = NETWORKS_ANNOTATION) => ({
  manager: 'kubectl',
  time,
  fieldsV1: { 'f:metadata': { 'f:annotations': { [`f:${key}`]: {} } } },
});

test.each<[string, NonNullable<PodObject['metadata']['managedFields']> | undefined, object]>([
  ['with the pod', [wrote('2026-01-01T00:00:00Z')], { value: false }],
  ['later', [wrote('2026-01-01T00:05:00Z')], { value: true }],
  ['with the pod, and again later', [wrote('2026-01-01T00:00:00Z'), wrote('2026-01-01T00:05:00Z')], { value: false }],
  ['by nobody on record', [wrote('2026-01-01T00:05:00Z', 'other')], { unknown: expect.stringContaining('nobody') }],
  ['without records', undefined, { unknown: expect.stringContaining('managedFields') }],
])('an annotation that was written %s', async (_, managedFields, expected) => {
  const metadata = { ...pod.metadata, ...(managedFields === undefined ? {} : { managedFields }) };
  expect((await podFacts(fakeCluster({}), { ...pod, metadata })).annotatedLater).toEqual(expected);
});
