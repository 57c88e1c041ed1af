/** The places of a datagram's way, in its order: what a probe names as the one where datagrams died, and what doctor's rules speak of. */
import type { Stage } from '../doctor/rule.ts';

/**
 * `sender`: before they leave its interface. `network`: between the sender's interface and the receiver's node. `attachment`:
 * between that node and the receiver's interface, which may not be there at all. `membership`: at the interface, of which
 * nobody is a member there. `receiver`: between its interface and a socket that has joined.
 */
export const PLACES = ['sender', 'network', 'attachment', 'membership', 'receiver'] as const;
export type Place = (typeof PLACES)[number];

/** Where a rule's cause keeps datagrams from going on; `application` where the way is sound, and a program makes no use of it. */
export type Spoken = Place | 'application';

/** The places that a rule of doctor's may speak of, by its name, else by its stage. */
export function placesOf({ rule, stage }: { readonly rule: string; readonly stage: Stage }): readonly Spoken[] {
  return RULES[rule] ?? STAGES[stage];
}

const STAGES: Readonly<Record<Stage, readonly Spoken[]>> = {
  group: ['sender', 'network'],
  sender: ['sender', 'network'],
  network: ['network'],
  node: ['network', 'attachment'],
  attachment: ['attachment'],
  membership: ['membership'],
  filter: ['receiver'],
  socket: ['application'],
  manifest: ['application'],
};

/** Causes that show elsewhere than their stage says, or in more places. */
const RULES: Readonly<Record<string, readonly Spoken[]>> = {
  // Nobody but the probe sends: what it sends arrives.
  'no-traffic': ['application'],
  'group-collision': ['application'],
  'no-group-route': ['sender', 'membership'],
  'multicast-loop-off': ['receiver', 'application'],
  'ssm-without-source': ['membership', 'network'],
  'source-translated': ['network', 'receiver'],
  // A target without a network of its own on the LAN depends on the pod network, which ends within the node.
  'pod-network-no-multicast': ['network', 'attachment'],
  'pod-network-multicast-off': ['network', 'attachment'],
  'pod-network-group-missing': ['network', 'attachment'],
  'pod-network-defect': ['network', 'attachment'],
  'no-secondary-network': ['attachment', 'network'],
  'network-not-attached': ['attachment', 'network'],
  'nad-parent-wrong-network': ['attachment', 'network'],
  'macvlan-own-node': ['attachment', 'network'],
  'macvlan-mode-isolates': ['attachment', 'network'],
  'address-conflict': ['network', 'attachment', 'receiver'],
  'mac-conflict': ['network', 'attachment'],
  'bridge-netfilter-drops': ['network', 'attachment'],
  // The interface is there, but the routes that lead joins to it are not.
  'nad-routes-misplaced': ['membership'],
  'nad-route-too-broad': ['membership', 'receiver'],
  'nad-route-via-gateway': ['sender', 'network'],
  'routes-lost': ['membership'],
  'default-route-moved': ['membership', 'sender', 'receiver'],
  'interface-without-address': ['membership', 'receiver', 'sender'],
  'ipv6-disabled': ['membership', 'attachment', 'receiver'],
  'ipv6-default-interface': ['membership'],
  // The probe's own socket joins, and with the right source.
  'no-membership': ['application'],
  'link-layer-only-membership': ['application'],
  'membership-limit': ['application'],
  'membership-stale': ['application'],
  'source-filter-mismatch': ['application', 'receiver'],
  'igmp-version-downgrade': ['network'],
  // Without reports the LAN's switches do not know the member.
  'firewall-drops-igmp': ['network'],
  'firewall-drops-multicast': ['receiver', 'sender', 'attachment', 'network'],
  'network-policy-drops': ['receiver', 'attachment', 'network', 'sender'],
  'checksum-errors': ['receiver', 'application'],
};
