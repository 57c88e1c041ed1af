import { expect, it } from 'vitest';
import type { Claim } from '../../src/conformance/claim.ts';
import { conclude, summaryOf } from '../../src/conformance/conclude.ts';
import { known, unknown } from '../../src/model/fact.ts';
import { all, BYSTANDERS, CILIUM, casesOf, FLANNEL, LAN, MEMBERS, type Picture } from './made.ts';

const GROUP = { family: 4, address: '239.255.1.2', port: 20_001 } as const;
const BRIDGE: Claim = { level: 'broadcast', reach: 'node', crossesBoundary: false, sentence: 'A bridge.' };
const SNOOPED: Claim = { level: 'igmp-snooped', reach: 'cluster', crossesBoundary: false, sentence: 'Members alone.' };

function concluded(picture: Picture, claim?: Claim) {
  return conclude(GROUP, casesOf(picture), claim === undefined ? unknown('no idea') : known(claim), undefined);
}

const outcomes = ({ cases }: ReturnType<typeof concluded>, outcome: string) =>
  cases.filter((one) => one.outcome === outcome).map(({ id }) => id);

it('conforms where everything is as claimed, whatever could not be asked outside', () => {
  const family = concluded(FLANNEL, BRIDGE);
  expect(family).toMatchObject({ verdict: 'conforms', level: 'broadcast', reach: 'node', differences: [] });
  expect(outcomes(family, 'unknown')).toEqual(['to-outside', 'from-outside']);
  expect(summaryOf('Flannel', [family]).summary).toBe(
    'Flannel floods multicast within a node, and none crosses its boundary; so it claims',
  );
});

it('falls short where it does not deliver, and where frames leak although it claims to snoop', () => {
  const silent = concluded(FLANNEL, SNOOPED);
  expect(silent.verdict).toBe('falls-short');
  expect(outcomes(silent, 'less')).toEqual(['cross-node', 'cross-namespace-cross-node', 'non-member-same-node']);
  expect(silent.differences[0]).toBe('cross-node (pod node1 → pod node2): datagrams are said to arrive, and none did');
  const leak = concluded({ ...CILIUM, 'non-member-cross-node': '+' }, SNOOPED);
  expect([leak.verdict, outcomes(leak, 'less')]).toEqual(['falls-short', ['non-member-cross-node']]);
  expect(leak.differences).toEqual([
    'non-member-cross-node (pod node1 → pod node2): frames to a non-member are said not to arrive, and 150 of 150 did',
  ]);
});

it('exceeds where it does more: members alone, further, across the boundary', () => {
  const snoops = concluded({ ...FLANNEL, 'non-member-same-node': '-' }, BRIDGE);
  expect([snoops.verdict, outcomes(snoops, 'more')]).toEqual(['exceeds', ['non-member-same-node']]);
  const lan = concluded(LAN, BRIDGE);
  expect(lan).toMatchObject({ verdict: 'exceeds', reach: 'l2-segment', crossesBoundary: 'both' });
  expect(outcomes(lan, 'less')).toEqual([]);
  expect(outcomes(lan, 'more')).toContain('non-member-cross-node');
});

it('is only measured where nothing is claimed', () => {
  const family = concluded(LAN);
  expect(family).toMatchObject({ verdict: 'measured', claim: null, noClaim: 'no idea', differences: [] });
  expect(family.cases.every(({ outcome, claimed }) => outcome === 'unclaimed' && claimed === null)).toBe(true);
});

it('is unknown where level or reach is, unless it falls short for certain', () => {
  const blind = { ...CILIUM, ...all(BYSTANDERS, '?') };
  expect(concluded(blind, SNOOPED).verdict).toBe('unknown');
  expect(concluded({ ...blind, 'cross-node': '-' }, SNOOPED).verdict).toBe('falls-short');
  const family = concluded({ ...CILIUM, ...all(MEMBERS.slice(2), '?') }, SNOOPED);
  expect(summaryOf('Cilium', [family])).toEqual({
    verdict: 'unknown',
    summary:
      'Cilium could not be measured: the reach: cross-namespace-same-node was not run; cross-namespace-cross-node was not run',
  });
  const unasked = concluded({ ...CILIUM, ...all(['to-host-same-node', 'to-host-cross-node'], '?') }, SNOOPED);
  expect([unasked.verdict, unasked.crossesBoundary]).toEqual(['conforms', null]);
});

it('says one sentence of both families where they are alike, and takes the worse verdict', () => {
  const good = concluded(CILIUM, SNOOPED);
  expect(summaryOf('X', [good, { ...good, family: 6 }]).summary).toBe(
    'X brings multicast to members alone, within the cluster, and none crosses its boundary; so it claims',
  );
  const none = { ...concluded({}, SNOOPED), family: 6 as const };
  const { verdict, summary } = summaryOf('X', [good, none]);
  expect(verdict).toBe('falls-short');
  expect(summary).toMatch(/^X IPv4: brings .*; IPv6: carries no multicast between pods/);
});
