import { expect, it } from 'vitest';
import { CASES } from '../../src/conformance/case.ts';
import { claimedFor, claimOf } from '../../src/conformance/claim.ts';
import type { PodNetworkFacts } from '../../src/facts/snapshot.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { Group } from '../../src/model/group.ts';

const V4: Group = { family: 4, address: '239.1.2.3', port: 5007 };
const V6: Group = { family: 6, address: 'ff15::1', port: 5007 };

function network(name: string, settings: Record<string, string> = {}, added: readonly string[][] = []) {
  const groups = added.map((list, index) => ({
    node: `node${index + 1}`,
    pod: 'c',
    namespace: 'kube-system',
    groups: known(list),
    subscribers: known([]),
  }));
  const facts: PodNetworkFacts = { name, evidence: 'DaemonSet x', settings, groups: known(groups) };
  return known(facts);
}

function claimed(facts: ReturnType<typeof network>, group = V4, annotations?: Record<string, string>): string {
  const claim = claimOf(facts, { group, nodes: ['node1', 'node2'], annotations });
  if ('unknown' in claim) return claim.unknown;
  const { level, reach, crossesBoundary } = claim.value;
  return `${level} ${reach} ${crossesBoundary}`;
}

const ON = { 'multicast-enabled': 'true' };
const NONE = 'none none false';

it.each([
  ['flannel', network('flannel'), V4, undefined, 'broadcast node false'],
  ['flannel, IPv6', network('flannel'), V6, undefined, 'broadcast node false'],
  ['calico', network('calico'), V4, undefined, NONE],
  ['weave', network('weave'), V4, undefined, 'broadcast cluster false'],
  ['weave, forbidden', network('weave', { 'allow-mcast': 'false' }), V4, undefined, NONE],
  ['weave, IPv6', network('weave'), V6, undefined, NONE],
  ['cilium, off', network('cilium'), V4, undefined, NONE],
  [
    'cilium, group on every node',
    network('cilium', ON, [['239.1.2.3'], ['239.1.2.3']]),
    V4,
    undefined,
    'igmp-snooped cluster false',
  ],
  ['cilium, group on no node', network('cilium', ON, [[], []]), V4, undefined, NONE],
  [
    'cilium, group on one node',
    network('cilium', ON, [['239.1.2.3'], []]),
    V4,
    undefined,
    'group 239.1.2.3 was added on some of the nodes only',
  ],
  ['cilium, tables not read', network('cilium', ON), V4, undefined, 'the groups that Cilium carries could not be read'],
  ['cilium, IPv6', network('cilium', ON), V6, undefined, NONE],
  [
    'antrea',
    network('antrea', { 'antrea-agent.conf': 'multicast:\n  enable: true' }),
    V4,
    undefined,
    'igmp-snooped cluster true',
  ],
  ['antrea, off', network('antrea', { 'antrea-agent.conf': 'multicast:\n  enable: false' }), V4, undefined, NONE],
  [
    'antrea, not read',
    network('antrea', { 'not read': 'forbidden' }),
    V4,
    undefined,
    'whether Antrea has multicast switched on could not be read',
  ],
  ['ovn', network('ovn-kubernetes'), V4, { 'k8s.ovn.org/multicast-enabled': 'true' }, 'igmp-snooped namespace false'],
  ['ovn, namespace off', network('ovn-kubernetes'), V4, {}, NONE],
  [
    'ovn, namespace not read',
    network('ovn-kubernetes'),
    V4,
    undefined,
    'whether OVN-Kubernetes has multicast switched on could not be read',
  ],
  [
    'a network that is not known',
    network('unknown'),
    V4,
    undefined,
    'nothing is known of this pod network (DaemonSet x)',
  ],
] as const)('%s', (_, facts, group, annotations, expected) =>
  expect(claimed(facts, group, annotations)).toBe(expected),
);

it('claims nothing when the network could not be read', () =>
  expect(claimOf(unknown('forbidden'), { group: V4, nodes: [], annotations: {} })).toEqual(
    unknown('which network gives pods their eth0 could not be read (forbidden)'),
  ));

/** `+` arrives, `-` nothing, `.` says nothing of it; in the order of CASES. */
function row(facts: ReturnType<typeof network>, subnets?: 'shared' | 'apart', annotations = {}): string {
  const claim = claimOf(facts, { group: V4, nodes: ['node1', 'node2'], annotations });
  if ('unknown' in claim) throw new Error(claim.unknown);
  return CASES.map(
    (id) => ({ arrives: '+', nothing: '-', none: '.' })[claimedFor(id, claim.value, subnets) ?? 'none'],
  ).join('');
}

it('says of each case what the claim means: within, across, namespaces, hosts, outside, non-members, link-local', () => {
  expect(row(network('calico'))).toBe('--------------');
  expect(row(network('flannel'))).toBe('+-+-------+-+-');
  expect(row(network('weave'))).toBe('++++------++..');
  expect(row(network('kube-ovn'), 'shared')).toBe('++++------++..');
  expect(row(network('kube-ovn'), 'apart')).toBe('++--------++..');
  expect(row(network('kube-ovn'))).toBe('++..------++..');
  expect(row(network('ovn-kubernetes'), undefined, { 'k8s.ovn.org/multicast-enabled': 'true' })).toBe('++----------..');
  expect(row(network('antrea', { 'antrea-agent.conf': 'multicast:\n  enable: true' }))).toBe('++++.+.+++--..');
});
