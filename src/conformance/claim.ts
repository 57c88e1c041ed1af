/** What the installed network claims, and what that means for each case. */
import { isMulticastOn } from '../doctor/pod-network.ts';
import type { PodNetworkFacts } from '../facts/snapshot.ts';
import { type Fact, isKnown, known, unknown, valueIn } from '../model/fact.ts';
import type { Group } from '../model/group.ts';
import { type PodNetworkTraits, podNetworkTraits } from '../model/pod-networks.ts';
import type { Arrival, CaseId } from './case.ts';
import type { Subnets } from './judge.ts';

export interface Claim extends Pick<PodNetworkTraits, 'level' | 'reach' | 'crossesBoundary'> {
  /** One sentence for the operator. */
  readonly sentence: string;
}

export interface ClaimAbout {
  readonly group: Group;
  /** Names of the nodes that the pods are on. */
  readonly nodes: readonly string[];
  /** Of the pods' namespace; undefined when it could not be read. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

/** Networks whose multicast is for IPv4 alone (their documentation). */
const IPV4_ONLY = new Set(['cilium', 'antrea', 'openshift-sdn', 'weave']);

/** The claim for this group as the network is set up; unknown with the reason. */
export function claimOf(network: Fact<PodNetworkFacts>, { group, nodes, annotations }: ClaimAbout): Fact<Claim> {
  if (!isKnown(network)) return unknown(`which network gives pods their eth0 could not be read (${network.unknown})`);
  const { name, settings, groups } = network.value;
  const traits = podNetworkTraits(name);
  if (traits === undefined) return unknown(`nothing is known of this pod network (${network.value.evidence})`);
  if (group.family === 6 && IPV4_ONLY.has(name)) return known(nothing(`${traits.label} carries IPv4 multicast alone.`));
  if (settings['allow-mcast'] === 'false')
    return known(nothing(`${traits.label} was started with --allow-mcast=false.`));
  if (!traits.switchable) return known(traits);
  const on = isMulticastOn(network.value, annotations);
  if (on === undefined) return unknown(`whether ${traits.label} has multicast switched on could not be read`);
  if (!on) return known(nothing(`${traits.label} has multicast switched off.`));
  return name === 'cilium' ? withGroups(traits, groups, group, nodes) : known(traits);
}

function nothing(sentence: string): Claim {
  return { level: 'none', reach: 'none', crossesBoundary: false, sentence };
}

/** Cilium carries what was added on its nodes, and nothing else. */
function withGroups(
  traits: PodNetworkTraits,
  tables: PodNetworkFacts['groups'],
  { address }: Group,
  nodes: readonly string[],
): Fact<Claim> {
  const groupsOn = (node: string) => {
    const table = valueIn(tables)?.find((one) => one.node === node);
    return table === undefined ? undefined : valueIn(table.groups);
  };
  const there = nodes.map((node) => groupsOn(node)?.includes(address));
  if (there.includes(undefined)) return unknown('the groups that Cilium carries could not be read');
  if (there.every(Boolean)) return known(traits);
  if (there.includes(true)) return unknown(`group ${address} was added on some of the nodes only`);
  const sentence = `Cilium carries groups that were added on its nodes; ${address} was not: name one that was by --group.`;
  return known(nothing(sentence));
}

/** What the claim means for a case; null where it says nothing. */
export function claimedFor(id: CaseId, claim: Claim, subnets: Subnets): Arrival | null {
  const { level, reach, crossesBoundary } = claim;
  const says = (arrives: boolean): Arrival => (arrives ? 'arrives' : 'nothing');
  if (level === 'none') return 'nothing';
  const isWide = reach !== 'node' && reach !== 'none';
  switch (id) {
    case 'same-node':
      return 'arrives';
    case 'cross-node':
      return says(isWide);
    case 'cross-namespace-same-node':
      return reach === 'node' ? 'arrives' : otherNamespace(reach, subnets);
    case 'cross-namespace-cross-node':
      return reach === 'node' ? 'nothing' : otherNamespace(reach, subnets);
    case 'to-host-same-node':
    case 'from-host-same-node':
      // Networks that cross it do so by the nodes' interfaces: what a node hears of its own pods is nobody's promise.
      return crossesBoundary ? null : 'nothing';
    case 'to-host-cross-node':
    case 'from-host-cross-node':
    case 'to-outside':
    case 'from-outside':
      return says(crossesBoundary);
    case 'non-member-same-node':
      return says(level === 'broadcast');
    case 'non-member-cross-node':
      return says(level === 'broadcast' && isWide);
    // Groups of 224.0.0.0/24 are flooded by snooping networks too (RFC 4541 §2.1.2), and not by all of them.
    case 'link-local-same-node':
      return reach === 'node' ? 'arrives' : null;
    case 'link-local-cross-node':
      return reach === 'node' ? 'nothing' : null;
  }
}

function otherNamespace(reach: Claim['reach'], subnets: Subnets): Arrival | null {
  if (reach === 'cluster') return 'arrives';
  if (reach === 'namespace') return 'nothing';
  return subnets === undefined ? null : subnets === 'shared' ? 'arrives' : 'nothing';
}
