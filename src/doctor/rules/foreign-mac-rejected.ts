import { valueIn } from '../../model/fact.ts';
import type { Link } from '../../model/netns.ts';
import type { Case } from '../case.ts';
import { lanFlows } from '../expected.ts';
import type { Fix } from '../fix.ts';
import { attachmentFor, ownLink, parentLink } from '../parent.ts';
import type { Evidence, Rule } from '../rule.ts';
import { at, atNode, evidence, groupText } from '../say.ts';
import { withoutAttachments } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

/** System vendors and products (DMI) of virtual machines. */
const VIRTUAL =
  /vmware|qemu|kvm|bochs|xen|virtualbox|innotek|parallels|virtual machine|amazon ec2|google compute|openstack|nutanix|ovirt|rhev/i;

const rule: Rule = {
  id: 'foreign-mac-rejected',
  title: 'The network takes frames with the pod’s own MAC',
  stage: 'node',
  severity: 'warning',
  needs: ['links', 'node.links'],
  skip: withoutAttachments,
  check: (c) => {
    const name = c.expected?.interface ?? '';
    const own = ownLink(c, name);
    const parent = parentLink(c, name);
    if (own?.kind !== 'macvlan' || parent === undefined || own.mac === parent.mac) return [];
    const wifi = parent.wireless === true;
    const sends = c.departures.some((f) => f.interface === name);
    const heard = answeredNodeOnly(c, name);
    const vendor = c.node === undefined ? undefined : valueIn(c.node.vendor);
    const virtual = vendor !== undefined && VIRTUAL.test(vendor);
    if (!(wifi && sends) && !((wifi || virtual) && heard)) return [];
    const what = wifi
      ? 'a Wi-Fi station may send with its own MAC alone'
      : 'a virtual switch may refuse MACs that it did not give out';
    return [
      {
        // The access point drops such frames by the standard (three-address format); a virtual switch does or does not.
        severity: wifi && sends && c.role === 'sender' ? 'error' : 'warning',
        summary: wifi
          ? `${parent.name} is Wi-Fi, which refuses the MAC of ${name}`
          : `the virtual switch may refuse frames with the MAC of ${name}`,
        detail: heard
          ? `The pod’s membership brings nothing, a join with ${parent.name}’s own MAC brought the stream at once: ${what}, and the pod’s reports may be lost on the way.`
          : `${name} sends with a MAC of its own, and ${what}: its datagrams and reports are lost.`,
        advice: wifi
          ? 'Use a wired NIC, or ipvlan in mode l2, which sends with the parent’s MAC.'
          : 'Allow it on the virtual switch (vSphere: Promiscuous mode and Forged transmits, or MAC learning; libvirt: trustGuestRxFilters="yes"; OpenStack: allowed address pairs), or use ipvlan in mode l2.',
        evidence: evidenceFor(c, name, own, parent, wifi ? `${parent.name} is wireless` : (vendor ?? '')),
        fixes: fixesFor(c, name, wifi),
      },
    ];
  },
};
export default rule;

/** The pod is a member and the stream does not come; it does when the node itself joins. */
function answeredNodeOnly(c: Case, name: string): boolean {
  const passive = lanFlows(c).some((f) => c.sightings.includes(f));
  const revived = lanFlows(c).some((f) => c.joinSightings.includes(f));
  return c.memberships.some((m) => m.interface === name) && c.arrivals.length === 0 && !passive && revived;
}

function evidenceFor(c: Case, name: string, own: Link, parent: Link, kind: string): Evidence[] {
  const revived = lanFlows(c).filter((f) => c.joinSightings.includes(f));
  return [
    evidence(atNode(c, parent.name), parent.wireless === true ? 'sysfs' : 'DMI', kind),
    evidence(at(c, name), 'links', `macvlan with MAC ${own.mac}; ${parent.name} has ${parent.mac}`),
    ...(revived.length > 0
      ? [evidence(atNode(c, revived[0]?.interface), 'capture, after a join of kmcast’s', describeFlows(revived))]
      : []),
    ...(c.departures.length > 0 ? [evidence(at(c, name), 'capture', `leaves: ${describeFlows(c.departures)}`)] : []),
  ];
}

function fixesFor(c: Case, name: string, wifi: boolean): Fix[] {
  const attachment = attachmentFor(c, name);
  const ipvlan: Fix = {
    kind: 'alternative',
    title: 'Use ipvlan in mode l2, which sends with the MAC of the node’s NIC',
    on: 'cluster',
    run:
      attachment === undefined
        ? ''
        : `"type": "ipvlan", "mode": "l2" in NetworkAttachmentDefinition ${attachment.selection.namespace}/${attachment.selection.name}`,
  };
  const allow = wifi
    ? 'Attach the pod to a wired NIC'
    : `Let the virtual switch take frames of ${name}’s MAC, so that ${groupText(c)} and its reports get through`;
  return [{ kind: 'advice', on: 'network', title: allow }, ipvlan];
}
