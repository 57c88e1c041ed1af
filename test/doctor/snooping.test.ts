import { expect, test } from 'vitest';
import { snoopingFinding } from '../../src/doctor/snooping.ts';
import type { MembershipMessage } from '../../src/model/wire.ts';
import { drops } from './firewall.ts';
import { caseOf, type Draft, flow, type Patch } from './snapshot.ts';

/** A member since long; nothing comes until kmcast joins on the NIC. */
function forgotten(d: Draft): void {
  d.rx.flows = [];
  d.rx.moved = {};
  d.node.flows = [];
  d.node.joinFlows = [flow({ interface: 'eth1' })];
}

const query: MembershipMessage = {
  interface: 'eth1',
  direction: 'in',
  family: 4,
  type: 'igmpv2-query',
  source: '10.50.0.1',
  at: 1,
};

const find = (queried: boolean, patch: Patch = () => {}) =>
  snoopingFinding(
    caseOf((d) => {
      forgotten(d);
      patch(d);
    }),
    { protocol: 'IGMP', queried },
  );

test('stream with a join and none without: the membership aged out; with a querier, the port is not counted', () => {
  expect(find(false)).toMatchObject([
    { summary: 'the switch snoops IGMP, nobody queries, and the membership aged out' },
  ]);
  expect(find(true)).toEqual([]);
  const heard: Patch = (d) => void d.node.messages.push(query);
  expect(find(true, heard)).toMatchObject([
    { summary: 'the switch does not count eth1 of node1 as a member of 239.10.20.30' },
  ]);
  expect(find(false, heard)).toEqual([]);
});

test.each<[string, Patch]>([
  [
    'the stream is too slow for the look without a join',
    (d) => {
      d.node.joinFlows = [flow({ interface: 'eth1', packets: 2 })];
    },
  ],
  [
    'it came without a join',
    (d) => {
      d.node.flows = [flow({ interface: 'eth1' })];
    },
  ],
  [
    'it came to the pod',
    (d) => {
      d.rx.flows = [flow()];
    },
  ],
  [
    'it did not come with a join either',
    (d) => {
      d.node.joinFlows = [];
    },
  ],
  [
    'no join was made',
    (d) => {
      d.node.joinFlows = undefined;
    },
  ],
  [
    'nobody is a member there',
    (d) => {
      d.rx.netns.memberships[0]!.interface = 'eth0';
    },
  ],
  [
    'what came was sent by the node',
    (d) => {
      d.node.joinFlows = [flow({ interface: 'eth1', direction: 'out' })];
    },
  ],
  [
    'a firewall keeps the reports in, which is a nearer cause',
    (d) => drops(d, 'output', [{ kind: 'protocol', protocols: [2] }], 'x'),
  ],
  [
    'the member excludes the source, which is a nearer cause',
    (d) => {
      d.rx.netns.sourceFilters = [
        { family: 4, interface: 'net1', group: '239.10.20.30', source: '10.50.0.9', include: 0, exclude: 1 },
      ];
    },
  ],
])('no proof: %s', (_, patch) => expect(find(false, patch)).toEqual([]));

test('a query on another interface, or sent by the node itself, is no querier of that LAN', () => {
  const other: Patch = (d) =>
    void d.node.messages.push({ ...query, interface: 'cni0' }, { ...query, direction: 'out' });
  expect(find(false, other)).toHaveLength(1);
});
