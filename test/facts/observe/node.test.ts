import { expect, test } from 'vitest';
import { type NodeWishes, observeNode, uplinks } from '../../../src/facts/observe/node.ts';
import { isKnown, valueIn } from '../../../src/model/fact.ts';
import { NETWORKS_ANNOTATION } from '../../../src/model/nad.ts';
import {
  ADDRESSES,
  access,
  DONE,
  GROUP,
  LINKS,
  looked,
  MEMBER,
  MEMBER6,
  pod,
  type Replay,
  replay,
  type Script,
} from './replay.ts';

const attached = pod({ annotations: { [NETWORKS_ANNOTATION]: 'mcast' } });

/** Reads the same everywhere; sees so many datagrams without a join, and so many with one. */
function scripted(seen: number, joined: number): Script {
  return (place) => [
    ...(place.reads === undefined ? [] : [LINKS, ADDRESSES, MEMBER, MEMBER6]),
    ...(place.look === undefined ? [] : [looked('look', seen)]),
    ...(place.join === undefined
      ? []
      : [{ type: 'joined', group: GROUP, interface: 'eth1' } as const, looked('join', joined)]),
    ...(place.probe === undefined
      ? []
      : [{ type: 'answered', interface: place.probe.interface, addresses: ['10.50.0.250'] } as const]),
    DONE,
  ];
}

async function observe(ways: Parameters<typeof access>[0], change: Partial<NodeWishes> = {}) {
  const announced: string[] = [];
  const asked: string[] = [];
  const seen = await observeNode({
    node: 'node1',
    pods: [{ pod: attached }],
    nodeIsTarget: false,
    look: { groups: [GROUP], duration: 1000, whole: false },
    access: access(ways, asked),
    announce: (text) => announced.push(text),
    signal: undefined,
    ...change,
  });
  return { ...seen, announced, asked, pod: seen.pods.get('u1')! };
}

const joins = (vantage: Replay) => vantage.places().flatMap((place) => place.join ?? []);

test('one node pod looks at the node and at its pods at once, while exec looks into the container', async () => {
  const [nodePod, exec] = [replay('node-pod', scripted(9, 0)), replay('exec', scripted(9, 0))];
  const { node, pod: rx, vantages } = await observe({ nodePod, exec });
  expect(nodePod.jobs).toHaveLength(1);
  expect(nodePod.places().map((p) => [p.id, p.enter.kind])).toEqual([
    ['node', 'node'],
    ['u1', 'pod'],
  ]);
  expect(nodePod.places()[1]?.enter).toMatchObject({
    containers: ['c0ffee'],
    uid: 'u1',
    name: 'rx',
    namespace: 'video',
  });
  expect(exec.places().map((p) => p.enter.kind)).toEqual(['here']);
  expect(valueIn(valueIn(rx)!.look)?.flows).toMatchObject([{ destination: GROUP, packets: 9 }]);
  expect(valueIn(node.observation)).toBeDefined();
  expect(vantages.map((v) => [v.kind, v.outcome])).toEqual([
    ['exec', 'used'],
    ['node-pod', 'used'],
  ]);
});

test('no join where the group was seen without one', async () => {
  const nodePod = replay('node-pod', scripted(9, 0));
  const { announced } = await observe({ nodePod });
  expect(joins(nodePod)).toEqual([]);
  expect(announced).toEqual([]);
});

test('a join where the group was seen nowhere: announced first, on NICs that are up, bounded in time', async () => {
  const nodePod = replay('node-pod', scripted(0, 5));
  const { node, announced } = await observe({ nodePod });
  expect(joins(nodePod)).toMatchObject([
    { groups: [GROUP], interfaces: ['eth1'], duration: 3000, joins: [{ group: GROUP }] },
  ]);
  expect(announced).toEqual([`no datagram to ${GROUP} seen on node1; joining there on eth1 for at most 3 s`]);
  const observation = valueIn(node.observation)!;
  expect(valueIn(observation.look)?.flows).toEqual([]);
  expect(valueIn(observation.joinLook)).toMatchObject({
    joined: [{ group: GROUP, interface: 'eth1' }],
    flows: [{ packets: 5 }],
  });
});

test('seen in the pod alone is seen', async () => {
  const nodePod = replay('node-pod', (place) => scripted(place.id === 'u1' ? 3 : 0, 0)(place));
  await observe({ nodePod });
  expect(joins(nodePod)).toEqual([]);
});

test('no group was named: those that the pod is a member of are joined, none that every host has', async () => {
  const nodePod = replay('node-pod', scripted(0, 0));
  await observe({ nodePod }, { look: { groups: [], duration: 1000, whole: false } });
  expect(joins(nodePod)[0]?.groups).toEqual([GROUP]);
});

test('reading alone watches nothing and joins nothing', async () => {
  const nodePod = replay('node-pod', scripted(0, 0));
  await observe({ nodePod }, { look: { groups: [GROUP], duration: 0, whole: false } });
  expect(nodePod.places().flatMap((p) => [p.look, p.join, p.rereads].filter((x) => x !== undefined))).toEqual([]);
});

test('a join that the kernel refused is kept with its words', async () => {
  const script: Script = (place) =>
    place.join === undefined
      ? scripted(0, 0)(place)
      : [{ type: 'joined', group: GROUP, interface: 'eth1', error: 'ENOBUFS' }, looked('join', 0), DONE];
  const { node } = await observe({ nodePod: replay('node-pod', script) });
  expect(valueIn(node.observation)?.refusedJoins).toEqual([{ group: GROUP, interface: 'eth1', error: 'ENOBUFS' }]);
});

test('without a node pod, exec tells of the pod, and the node is unknown with the reason', async () => {
  const { node, pod: rx, vantages, asked } = await observe({ exec: replay('exec', scripted(9, 0)) });
  expect(isKnown(rx)).toBe(true);
  for (const fact of [node.observation, node.cni, node.vendor])
    expect(fact).toEqual({ unknown: 'node-pod is forbidden' });
  expect(vantages.at(-1)).toEqual({
    kind: 'node-pod',
    description: 'node pod on node1',
    outcome: 'refused',
    reason: 'node-pod is forbidden',
  });
  expect(asked).not.toContain('ephemeral');
});

test('an ephemeral container only where nothing else got in, and only into a pod that has run', async () => {
  const ephemeral = replay('ephemeral', scripted(2, 0));
  const last = await observe({ ephemeral });
  expect(isKnown(last.pod)).toBe(true);
  expect(last.vantages.map((v) => [v.kind, v.outcome])).toEqual([
    ['exec', 'refused'],
    ['node-pod', 'refused'],
    ['ephemeral', 'used'],
  ]);
  const never = await observe({ ephemeral }, { pods: [{ pod: pod({ running: false }) }] });
  expect(never.asked).not.toContain('ephemeral');
  const refused = await observe({});
  expect(refused.pod).toEqual({ unknown: 'node-pod is forbidden' });
});

test('an agent that is cut off: what it said stands, and what is missing says why', async () => {
  const nodePod = replay('node-pod', () => [LINKS, MEMBER], { complete: false, problem: 'the connection broke' });
  const { node, vantages } = await observe({ nodePod });
  const observation = valueIn(node.observation)!;
  expect(valueIn(observation.netns.links)).toHaveLength(3);
  expect(observation.look).toEqual({ unknown: 'the connection broke' });
  expect(vantages.at(-1)).toMatchObject({ outcome: 'failed', reason: 'the connection broke' });
});

test('an agent that cannot be started is a fact', async () => {
  const broken = { ...replay('node-pod', () => []), run: () => Promise.reject(new Error('no python3')) };
  expect((await observe({ nodePod: broken })).node.observation).toEqual({ unknown: 'no python3' });
});

test('free addresses are asked for only when a pod without networks may need one, and on the NIC of the group', async () => {
  const nodePod = replay('node-pod', scripted(4, 0));
  const { node } = await observe({ nodePod });
  expect(node.takenAddresses).toEqual({ unknown: 'no address had to be found' });
  const bare = await observe({ nodePod }, { pods: [{ pod: pod() }] });
  const probe = nodePod.places().at(-1)?.probe;
  expect(probe).toMatchObject({ interface: 'eth1' });
  expect(probe?.addresses[0]).toBe('10.50.0.250');
  expect(bare.node.takenAddresses).toEqual({ value: [{ interface: 'eth1', address: '10.50.0.250' }] });
  const unseen = await observe({ nodePod: replay('node-pod', scripted(0, 0)) }, { pods: [{ pod: pod() }] });
  expect(unseen.node.takenAddresses).toMatchObject({ unknown: expect.stringContaining('seen on no NIC') });
});

test('uplinks are NICs that are up', async () => {
  const { node } = await observe({ nodePod: replay('node-pod', scripted(1, 0)) });
  expect(uplinks(valueIn(node.observation)!)).toEqual(['eth1']);
});
