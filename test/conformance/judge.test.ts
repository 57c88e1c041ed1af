import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CASES, type Measured } from '../../src/conformance/case.ts';
import { judge, type Subnets } from '../../src/conformance/judge.ts';
import { all, BYSTANDERS, CILIUM, casesOf, FLANNEL, LAN, MEMBERS, type Picture } from './made.ts';

function judged(picture: Picture, subnets?: Subnets): string {
  const { level, reach, crossing } = judge(casesOf(picture), subnets);
  return [level, reach, crossing].join(' ');
}

it.each<[string, Picture, Subnets, string]>([
  ['nothing arrives anywhere', {}, undefined, 'none none no'],
  ['a bridge on each node', FLANNEL, undefined, 'broadcast node no'],
  ['a snooping bridge on each node', { ...FLANNEL, 'non-member-same-node': '-' }, undefined, 'igmp-snooped node no'],
  ['flooding everywhere', { ...CILIUM, ...all(BYSTANDERS, '+') }, undefined, 'broadcast cluster no'],
  ['flooding on the other node alone', { ...CILIUM, 'non-member-cross-node': '+' }, undefined, 'broadcast cluster no'],
  ['members of the cluster', CILIUM, undefined, 'igmp-snooped cluster no'],
  [
    'members of a namespace',
    { 'same-node': '+', 'cross-node': 'r', 'to-outside': '?' },
    undefined,
    'igmp-snooped namespace no',
  ],
  ['a subnet that both namespaces share', CILIUM, 'shared', 'igmp-snooped subnet no'],
  ['subnets apart that are joined', CILIUM, 'apart', 'igmp-snooped cluster no'],
  ['subnets apart that are not', { 'same-node': '+', 'cross-node': '+' }, 'apart', 'igmp-snooped subnet no'],
  ['the LAN itself', LAN, undefined, 'broadcast l2-segment both'],
  [
    'the LAN of the nodes, with no host outside',
    { ...LAN, 'to-outside': '?', 'from-outside': '?' },
    undefined,
    'broadcast l2-segment both',
  ],
  [
    'a router to the outside',
    { ...CILIUM, 'to-outside': 'r', 'from-outside': 'r' },
    undefined,
    'igmp-snooped cluster both',
  ],
  ['only outward', { ...CILIUM, 'to-outside': 'r', 'from-outside': '-' }, undefined, 'igmp-snooped cluster out'],
  ['only inward', { ...CILIUM, 'to-outside': '-', 'from-outside': 'r' }, undefined, 'igmp-snooped cluster in'],
  ['by the hosts', { ...CILIUM, 'to-host-cross-node': 'r' }, undefined, 'igmp-snooped cluster out'],
  ['nothing was measured', all(CASES, '?'), undefined, '  '],
  ['one node', { ...FLANNEL, 'cross-node': '?', 'non-member-cross-node': '?' }, undefined, 'broadcast  no'],
  ['one silent node', { 'cross-node': '?' }, undefined, '  no'],
  ['no other namespace', { ...CILIUM, ...all(MEMBERS.slice(2), '?') }, undefined, 'igmp-snooped  no'],
  [
    'no other namespace on the other node',
    { ...CILIUM, 'cross-namespace-cross-node': '?' },
    undefined,
    'igmp-snooped cluster no',
  ],
  ['no bystander', { ...CILIUM, ...all(BYSTANDERS, '?') }, undefined, ' cluster no'],
  [
    'a bystander that floods among unknown ones',
    { ...CILIUM, ...all(BYSTANDERS, '?'), 'non-member-same-node': '+' },
    undefined,
    'broadcast cluster no',
  ],
])('%s', (_, picture, subnets, expected) => expect(judged(picture, subnets)).toBe(expected));

it('says why it does not know', () => {
  const { unknown } = judge(casesOf({ ...CILIUM, ...all(MEMBERS.slice(2), '?'), ...all(BYSTANDERS, '?') }), undefined);
  expect(unknown).toEqual([
    'the level: non-member-same-node was not run; non-member-cross-node was not run',
    'the reach: cross-namespace-same-node was not run; cross-namespace-cross-node was not run',
  ]);
});

it('judges every picture: what it knows has been seen, and what it does not know has a reason', () => {
  const mark = fc.constantFrom('+', 'r', '-', '?' as const);
  const picture = fc.record(Object.fromEntries(CASES.map((id) => [id, mark]))) as fc.Arbitrary<Picture>;
  const subnets = fc.constantFrom<Subnets>('shared', 'apart', undefined);
  fc.assert(
    fc.property(picture, subnets, (drawn, how) => {
      const { level, reach, crossing, unknown } = judge(casesOf(drawn), how);
      const arrives = (id: keyof Picture) => drawn[id] === '+' || drawn[id] === 'r';
      expect(unknown).toHaveLength([level, reach, crossing].filter((one) => one === null).length);
      if (level === 'broadcast') expect(BYSTANDERS.some(arrives)).toBe(true);
      if (level === 'igmp-snooped') {
        expect(BYSTANDERS.some(arrives)).toBe(false);
        expect(MEMBERS.slice(0, 2).some(arrives)).toBe(true);
      }
      if (level === 'none') expect([reach, MEMBERS.slice(0, 2).some(arrives)]).toEqual(['none', false]);
      if (reach === 'node') expect([arrives('same-node'), drawn['cross-node']]).toEqual([true, '-']);
      if (reach !== null && !['none', 'node'].includes(reach)) expect(arrives('cross-node')).toBe(true);
      if (reach === 'l2-segment') expect([drawn['cross-node'], crossing]).toEqual(['+', 'both']);
      if (crossing === 'no') expect(CASES.slice(4, 10).some(arrives)).toBe(false);
    }),
  );
});

it('asks a bystander only about the node that it is on', () => {
  const at = (node: string) => (one: Measured) => ({ ...one, to: `pod ${node}` });
  const cases = [
    ...casesOf({ 'same-node': '-' })
      .filter(({ id }) => id === 'same-node')
      .map(at('node1')),
    ...casesOf({})
      .filter(({ id }) => id === 'cross-node')
      .map(at('node2')),
    ...casesOf({ 'cross-node': '+' })
      .filter(({ id }) => id === 'cross-node')
      .map(at('node3')),
    ...casesOf({})
      .filter(({ id }) => id === 'non-member-same-node')
      .map(at('node1')),
    ...casesOf({})
      .filter(({ id }) => id === 'non-member-cross-node')
      .map(at('node2')),
  ];
  expect(judge(cases, undefined).level).toBe(null);
});
