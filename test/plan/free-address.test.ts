import { expect, test } from 'vitest';
import { unknown } from '../../src/model/fact.ts';
import { candidates, freeAddresses, subnetOf } from '../../src/plan/free-address.ts';
import { address, nadConfig, type Patch, snapshot } from '../doctor/snapshot.ts';

const LAN = '10.50.0.0/24';
const free = (count: number, patch?: Patch) => freeAddresses(snapshot(patch), LAN, count);

test('candidates come from the far end, where neither network nor broadcast address is', () => {
  expect(candidates(LAN, 3)).toEqual(['10.50.0.250', '10.50.0.249', '10.50.0.248']);
  expect(candidates('10.50.0.0/30', 9)).toEqual(['10.50.0.2', '10.50.0.1']);
  expect(candidates('10.50.0.0/29', 99).at(-1)).toBe('10.50.0.1');
  for (const none of ['10.50.0.0/31', '10.50.0.0/32', 'fd00::/64', 'odd']) expect(candidates(none, 3)).toEqual([]);
});

test('the subnet of the node’s interface', () => {
  expect(subnetOf(snapshot(), 'node1', 'eth1')).toBe(LAN);
  expect(subnetOf(snapshot(), 'node1', 'eth9')).toBeUndefined();
  expect(subnetOf(snapshot(), 'node9', 'eth1')).toBeUndefined();
  const odd = snapshot((d) => {
    d.node.netns.addresses = [address('eth1', 'not an address', 24)];
  });
  expect(subnetOf(odd, 'node1', 'eth1')).toBeUndefined();
  expect(
    subnetOf(
      snapshot((d) => {
        d.node.netns.addresses = [address('eth1', '10.50.0.1', 32)];
      }),
      'node1',
      'eth1',
    ),
  ).toBeUndefined();
});

test.each<[string, Patch]>([
  ['a node', (d) => void d.node.netns.addresses.push(address('eth1', '10.50.0.250', 24))],
  [
    'a neighbour',
    (d) => void d.node.netns.neighbours.push({ family: 4, interface: 'eth1', address: '10.50.0.250', state: 'stale' }),
  ],
  [
    'a pod',
    (d) => {
      d.cluster.podAddresses[0]!.ips = ['10.50.0.250'];
    },
  ],
  ['a reservation of host-local', (d) => void d.cni.reservations.push({ network: 'mcast', address: '10.50.0.250' })],
  [
    'a static attachment',
    (d) =>
      void d.cluster.attachments.push({
        namespace: 'b',
        name: 'b',
        config: nadConfig({ ipam: { type: 'static', addresses: [{ address: '10.50.0.250/24' }] } }),
      }),
  ],
])('an address of %s is not given away', (_, patch) => {
  expect(free(1)).toEqual(['10.50.0.250']);
  expect(free(1, patch)).toEqual(['10.50.0.249']);
});

test('an address that answered a probe is not given away', () => {
  const made = snapshot();
  const [node] = made.nodes;
  const answered = { ...node!, takenAddresses: { value: [{ interface: 'eth1', address: '10.50.0.250' }] } };
  expect(freeAddresses({ ...made, nodes: [answered] }, LAN, 1)).toEqual(['10.50.0.249']);
});

test('a neighbour that nobody answered for is free', () => {
  const patch: Patch = (d) =>
    void d.node.netns.neighbours.push({ family: 4, interface: 'eth1', address: '10.50.0.250', state: 'failed' });
  expect(free(1, patch)).toEqual(['10.50.0.250']);
});

test.each<[string, object, string]>([
  ['a range of host-local', { rangeStart: '10.50.0.200', rangeEnd: '10.50.0.250' }, '10.50.0.199'],
  ['a range without an end', { rangeStart: '10.50.0.100' }, '10.50.0.99'],
  [
    'ranges',
    { subnet: undefined, ranges: [[{ subnet: LAN, rangeStart: '10.50.0.240', rangeEnd: '10.50.0.250' }]] },
    '10.50.0.239',
  ],
  [
    'a range of whereabouts',
    { type: 'whereabouts', subnet: undefined, range: '10.50.0.240-10.50.0.250/24' },
    '10.50.0.239',
  ],
  [
    'range_start and range_end',
    { type: 'whereabouts', subnet: undefined, range: LAN, range_start: '10.50.0.240', range_end: '10.50.0.251' },
    '10.50.0.239',
  ],
  ['a whole subnet, which is given out from below', {}, '10.50.0.250'],
  ['what is no address', { rangeStart: '...', rangeEnd: '1.2.3.4.5' }, '10.50.0.250'],
])('pools: %s', (_, ipam, first) => {
  const patch: Patch = (d) => {
    d.cluster.attachments[0]!.config = nadConfig({}, ipam);
  };
  expect(free(1, patch)).toEqual([first]);
});

test('several addresses are in a row: what lies between them would be given out too', () => {
  const patch: Patch = (d) => void d.node.netns.addresses.push(address('eth1', '10.50.0.249', 24));
  expect(free(3, patch)).toEqual(['10.50.0.248', '10.50.0.247', '10.50.0.246']);
  expect(free(300)).toEqual([]);
});

test('what could not be read does not hinder', () => {
  const made = snapshot();
  const blind = {
    ...made,
    cluster: { ...made.cluster, attachments: unknown('forbidden'), podAddresses: unknown('forbidden') },
  };
  expect(freeAddresses(blind, LAN, 1)).toEqual(['10.50.0.250']);
});
