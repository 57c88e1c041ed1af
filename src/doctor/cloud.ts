/** Clouds whose own networks carry no multicast, beneath everything that a cluster puts on top. */
import { valueIn } from '../model/fact.ts';
import type { Case } from './case.ts';

export interface Cloud {
  readonly label: string;
  /** `spec.providerID` of the node. */
  readonly providerID: string;
  /** What the provider says of it, and what may be done there. */
  readonly sentence: string;
  readonly way: string;
}

const CLOUDS: readonly (Omit<Cloud, 'providerID'> & { readonly scheme: string })[] = [
  {
    scheme: 'aws://',
    label: 'AWS',
    sentence:
      'An AWS VPC carries multicast only for network interfaces that are in a multicast domain of a Transit Gateway, and drops frames from MAC addresses that it did not give out (macvlan).',
    way: 'Create a Transit Gateway with multicast support and a multicast domain with IGMPv2 for the nodes’ subnets, use hostNetwork (or an interface of the instance’s own) with force_igmp_version 2, and allow protocol 2 and the stream in the security group',
  },
  {
    scheme: 'gce://',
    label: 'Google Cloud',
    sentence: 'A Google Cloud VPC carries neither broadcast nor multicast; hostNetwork and macvlan do not help.',
    way: 'Use a pod network that copies multicast over unicast tunnels (Cilium with vxlan, OVN-Kubernetes, Antrea with encapsulation), or a relay that sends unicast',
  },
  {
    scheme: 'azure://',
    label: 'Azure',
    sentence: 'An Azure VNet carries neither broadcast nor multicast; hostNetwork and macvlan do not help.',
    way: 'Use a pod network that copies multicast over unicast tunnels (Cilium with vxlan, OVN-Kubernetes, Antrea with encapsulation), or a relay that sends unicast',
  },
];

/** Kinds of interfaces that put a pod onto a LAN of its node; hardware has none. */
const ON_THE_WIRE: readonly (string | undefined)[] = [undefined, 'macvlan', 'ipvlan', 'macvtap', 'vlan', 'bond'];

/** The cloud whose network the target depends on for the group, unless somebody there asks for members, as a Transit Gateway does. */
export function cloudBeneath(c: Case): Cloud | undefined {
  const providerID = valueIn(c.snapshot.cluster.nodes)?.find((node) => node.name === c.target.node)?.providerID;
  const cloud = CLOUDS.find(({ scheme }) => providerID?.startsWith(scheme));
  if (providerID === undefined || cloud === undefined || !isOnTheWire(c) || hearsQueries(c)) return undefined;
  return { ...cloud, providerID };
}

function isOnTheWire(c: Case): boolean {
  if (c.onHost) return true;
  const name = c.expected?.interface;
  const link = c.ns.links.find((l) => l.name === name);
  return link !== undefined && name !== c.primary && ON_THE_WIRE.includes(link.kind);
}

function hearsQueries(c: Case): boolean {
  const places = [valueIn(c.nodeObservation), valueIn(c.target.observation)];
  const looks = places.flatMap((place) => (place === undefined ? [] : [valueIn(place.look), valueIn(place.joinLook)]));
  return looks.some((look) => look?.messages.some((m) => m.direction === 'in' && m.type.endsWith('query')));
}
