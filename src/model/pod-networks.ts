/** What cluster networks do with multicast (KEP-31 draft's words for level and scope; facts from their sources and documentation). */

export interface PodNetworkTraits {
  /** Name for people. */
  readonly label: string;
  /** By default, or when switched on. */
  readonly level: 'none' | 'broadcast' | 'igmp-snooped';
  /** How far a datagram gets when the network carries it. */
  readonly reach: 'none' | 'node' | 'namespace' | 'subnet' | 'cluster';
  /** Datagrams from outside the cluster get in, and the other way. */
  readonly crossesBoundary: boolean;
  /** The network has a switch for it, off by default. */
  readonly switchable: boolean;
  /** One sentence for the operator. */
  readonly sentence: string;
}

const none = (label: string, sentence: string): PodNetworkTraits => ({
  label,
  level: 'none',
  reach: 'none',
  crossesBoundary: false,
  switchable: false,
  sentence,
});
const nodeLocal = (label: string): PodNetworkTraits => ({
  label,
  level: 'broadcast',
  reach: 'node',
  crossesBoundary: false,
  switchable: false,
  sentence: `${label} carries multicast between pods of one node only; no setting changes this.`,
});
const switched = (
  label: string,
  level: PodNetworkTraits['level'],
  reach: PodNetworkTraits['reach'],
  sentence: string,
  crossesBoundary = false,
): PodNetworkTraits => ({
  label,
  level,
  reach,
  crossesBoundary,
  switchable: true,
  sentence,
});

const TRAITS: Readonly<Record<string, PodNetworkTraits>> = {
  flannel: nodeLocal('Flannel'),
  'kube-router': nodeLocal('kube-router'),
  calico: none('Calico', 'Calico routes each pod by itself and forwards no multicast, not even on one node.'),
  canal: none('Canal', 'Canal attaches pods as Calico does and forwards no multicast, not even on one node.'),
  kindnet: none('kindnet', 'kindnet routes each pod by itself and forwards no multicast, not even on one node.'),
  'aws-vpc': none(
    'AWS VPC CNI',
    'The AWS VPC CNI forwards no multicast; a Transit Gateway’s multicast reaches host interfaces only.',
  ),
  gke: none('GKE', 'GKE’s network and the VPC beneath it carry no multicast; hostNetwork and macvlan do not help.'),
  azure: none('Azure CNI', 'Azure’s network carries no multicast; hostNetwork and macvlan do not help.'),
  weave: {
    label: 'Weave Net',
    level: 'broadcast',
    reach: 'cluster',
    crossesBoundary: false,
    switchable: false,
    sentence: 'Weave Net floods multicast to all pods of the cluster, and lets none in from outside.',
  },
  cilium: switched(
    'Cilium',
    'igmp-snooped',
    'cluster',
    'Cilium carries a group between pods only when multicast is enabled and the group was added on the nodes; nothing gets in from outside.',
  ),
  'ovn-kubernetes': switched(
    'OVN-Kubernetes',
    'igmp-snooped',
    'namespace',
    'OVN-Kubernetes carries multicast within a namespace that is annotated for it.',
  ),
  'openshift-sdn': switched(
    'OpenShift SDN',
    'broadcast',
    'namespace',
    'OpenShift SDN carries multicast within a project whose NetNamespace is annotated for it.',
  ),
  antrea: switched(
    'Antrea',
    'igmp-snooped',
    'cluster',
    'Antrea carries multicast when multicast.enable is true, also from and to outside.',
    true,
  ),
  'kube-ovn': {
    label: 'Kube-OVN',
    level: 'broadcast',
    reach: 'subnet',
    crossesBoundary: false,
    switchable: false,
    sentence: 'Kube-OVN floods multicast within a subnet, across nodes.',
  },
};

/** What is known of the network of that name (`PodNetworkFacts.name`); `undefined` for one that kmcast does not know. */
export function podNetworkTraits(name: string): PodNetworkTraits | undefined {
  return Object.hasOwn(TRAITS, name) ? TRAITS[name] : undefined;
}
