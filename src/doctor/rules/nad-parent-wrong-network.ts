import { valueIn } from '../../model/fact.ts';
import type { Link } from '../../model/netns.ts';
import type { Flow } from '../../model/wire.ts';
import { attachedAs, soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import { lanFlows } from '../expected.ts';
import type { Fix } from '../fix.ts';
import { attachmentFor, parentLink } from '../parent.ts';
import { bridgeBelow, routedPeer } from '../pod-bridge.ts';
import type { Rule } from '../rule.ts';
import { at, atNad, atNode, evidence, groupText } from '../say.ts';
import { notReceiving, withoutAttachments } from '../skips.ts';
import { describeFlows, interfacesOf } from '../traffic.ts';

const rule: Rule = {
  id: 'nad-parent-wrong-network',
  title: 'The attachment’s parent is on the network that carries the group',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod', 'attachments', 'node.links', 'node.look'],
  skip: (c) => withoutAttachments(c) ?? notReceiving(c),
  check: (c) => {
    const name = c.expected?.interface ?? '';
    const below = belowOf(c, name);
    const attachment = attachmentFor(c, name);
    if (below === undefined || attachment === undefined || c.arrivals.length > 0) return [];
    const { field, link: parent } = below;
    const seen = untagged(c, lanFlows(c));
    const nics = interfacesOf(seen);
    const parents = c.attachments
      .map(attachedAs)
      .flatMap((own) => [parentLink(c, own)?.name, bridgeBelow(c, own)?.name]);
    const [right] = nics;
    if (right === undefined || nics.some((nic) => parents.includes(nic))) return [];
    // Without a member behind it a switch sends nothing to the parent: its silence proves nothing then.
    const asked = c.memberships.some((m) => m.interface === name) || joinedOn(c, parent.name);
    return [
      {
        severity: asked ? 'error' : 'warning',
        summary: `${groupText(c)} comes in by ${right} of ${c.target.node}, the attachment is on ${parent.name}`,
        ...words(field, parent.name, right, name),
        evidence: [
          evidence(
            atNad(attachment),
            `spec.config ${field}`,
            soundConfig(attachment)?.[field === 'type' ? 'type' : 'master'] ?? parent.name,
          ),
          evidence(atNode(c, right), 'capture', describeFlows(seen.filter((f) => f.interface === right))),
          evidence(
            atNode(c, parent.name),
            joinedOn(c, parent.name) ? 'capture, after a join of kmcast’s' : 'capture',
            `no datagram to ${c.group.address}`,
          ),
          ...c.memberships
            .filter((m) => m.interface === name)
            .map((m) => evidence(at(c, name), '/proc/net/igmp', `member of ${m.group}`)),
        ],
        fixes: fixesFor(c, name, right, below),
      },
    ];
  },
};
export default rule;

/** What a secondary interface hangs on, and the field of the configuration that says so. */
interface Below {
  readonly field: 'bridge' | 'type' | 'master';
  readonly link: Link;
}

function belowOf(c: Case, name: string): Below | undefined {
  const found: readonly (readonly [Below['field'], Link | undefined])[] = [
    ['bridge', bridgeBelow(c, name)],
    ['type', routedPeer(c, name)],
    ['master', parentLink(c, name)],
  ];
  return found.flatMap(([field, link]) => (link === undefined ? [] : [{ field, link }]))[0];
}

function words(field: Below['field'], parent: string, right: string, name: string) {
  switch (field) {
    case 'bridge':
      return {
        detail: `${parent} is a bridge of the node, and ${right} is no port of it: ${name} can never get the stream.`,
        advice: `Make ${right} a port of ${parent}, or use a macvlan attachment on ${right} instead.`,
      };
    case 'type':
      return {
        detail: `${name} is one end of a veth, ${parent} of the node the other, and the node routes between them. It routes no multicast: ${name} can never get the stream.`,
        advice: `Use a macvlan attachment on ${right} instead, with an address of that network.`,
      };
    case 'master':
      return {
        detail: `${parent} exists, but it is on another network than the stream: ${name} can never get it.`,
        advice: `Name ${right} as the attachment’s master. Its addresses may have to change to those of that network.`,
      };
  }
}

/** A capture on a NIC sees the frames of its VLANs too; those belong to the VLAN's interface alone. */
function untagged(c: Case, flows: readonly Flow[]): Flow[] {
  return flows.filter((flow) => {
    const nic = c.nodeNs.links.find((l) => l.name === flow.interface);
    const vlans = c.nodeNs.links.filter((l) => l.kind === 'vlan' && l.parentIndex === nic?.index).map((l) => l.name);
    return !flows.some((other) => vlans.includes(other.interface) && other.source === flow.source);
  });
}

function joinedOn(c: Case, name: string): boolean {
  const look = valueIn(valueIn(c.nodeObservation)?.joinLook ?? { unknown: '' });
  return look?.joined.some((j) => j.interface === name && j.group === c.group.address) === true;
}

function fixesFor(c: Case, name: string, right: string, { field, link: parent }: Below): Fix[] {
  const attachment = attachmentFor(c, name)!;
  const { namespace, name: nad } = attachment.selection;
  const nic = c.nodeNs.links.find((l) => l.name === right);
  if (field === 'bridge')
    return [
      {
        kind: 'advice',
        on: `node/${c.target.node ?? ''}`,
        title: `Make ${right} a port of ${parent.name} (ip link set ${right} master ${parent.name}; addresses of ${right} must move to ${parent.name}), or attach the pod by a macvlan on ${right} instead`,
      },
    ];
  if (field === 'type')
    return [
      {
        kind: 'advice',
        on: 'cluster',
        title: `Make the attachment ${namespace}/${nad} a macvlan on ${right} with an address of that network, and create the pod anew`,
      },
    ];
  // Seen on the NIC below the parent, and on no VLAN of this node's: its tag is one that no interface here has.
  if (nic !== undefined && parent.kind === 'vlan' && parent.parentIndex === nic.index)
    return [
      {
        kind: 'advice',
        on: `node/${c.target.node ?? ''}`,
        title: `Find out which VLAN of ${right} carries ${c.group.address} (tcpdump -e -i ${right}), make an interface for it, and name that as "master"`,
      },
    ];
  return [{ kind: 'attachment', namespace, name: nad, edits: [{ set: 'master', value: right }] }, { kind: 'recreate' }];
}
