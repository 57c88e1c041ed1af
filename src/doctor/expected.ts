/** Which interface of the target should carry the group, from what is strongest: the wire, then the attachment, then the membership. */
import { isUplink } from '../model/links.ts';
import type { Flow } from '../model/wire.ts';
import { soundConfig } from './attachment.ts';
import type { Case } from './case.ts';
import { interfacesOf } from './traffic.ts';

export interface Expected {
  readonly interface: string;
  /** How that is known: the group enters there; its parent sees the group; it is the only secondary network; the target joined there. */
  readonly by: 'arrival' | 'parent' | 'only-secondary' | 'membership' | 'node-nic';
}

type Partial = Omit<Case, 'expected'>;

/** The interface, or `undefined` when nothing points to one: the target depends on the pod network. */
export function expectedInterface(c: Partial): Expected | undefined {
  const wire = interfacesOf(c.arrivals.filter((f) => f.interface !== 'lo'));
  const joined = c.memberships.map((m) => m.interface);
  const arrival = wire.find((name) => joined.includes(name)) ?? wire[0];
  if (c.onHost) {
    const nic = arrival ?? interfacesOf(lanFlows(c))[0];
    if (nic !== undefined) return { interface: nic, by: arrival === undefined ? 'node-nic' : 'arrival' };
    return joined[0] === undefined ? undefined : { interface: joined[0], by: 'membership' };
  }
  if (arrival !== undefined) return { interface: arrival, by: 'arrival' };
  const nics = interfacesOf(lanFlows(c));
  const secondary = c.attachments.filter((a) => a.link !== undefined);
  const fed = secondary.find((a) => nics.includes(parentName(c, a.link!.name) ?? ''));
  if (fed?.link !== undefined) return { interface: fed.link.name, by: 'parent' };
  const member = secondary.find((a) => joined.includes(a.link!.name));
  if (member?.link !== undefined) return { interface: member.link.name, by: 'membership' };
  if (secondary[0]?.link !== undefined) return { interface: secondary[0].link.name, by: 'only-secondary' };
  const unnamed = c.ns.links.find((l) => isSecondaryLink(c, l.name));
  return unnamed === undefined ? undefined : { interface: unnamed.name, by: 'only-secondary' };
}

/** Interfaces that no annotation explains but that are there beside eth0: made by hand, or with the annotation out of reach. */
function isSecondaryLink(c: Partial, name: string): boolean {
  const link = c.ns.links.find((l) => l.name === name);
  return link !== undefined && name !== c.primary && ['macvlan', 'ipvlan'].includes(link.kind ?? '');
}

/** The group's datagrams that entered the node by a NIC of its own, with or without a join of kmcast's. */
export function lanFlows(c: Partial): Flow[] {
  return [...c.sightings, ...c.joinSightings].filter((flow) => {
    const link = c.nodeNs.links.find((l) => l.name === flow.interface);
    return flow.direction === 'in' && link !== undefined && isUplink(link, c.nodeNs.links, c.nodeNs.addresses);
  });
}

/** Name of the node's interface that the target's interface hangs on: by the kernel's parent index, else by the attachment's `master`. */
export function parentName(c: Partial, name: string): string | undefined {
  const link = c.ns.links.find((l) => l.name === name);
  const byIndex =
    link?.parentIndex === undefined ? undefined : c.nodeNs.links.find((l) => l.index === link.parentIndex)?.name;
  if (byIndex !== undefined && ['macvlan', 'ipvlan', 'vlan'].includes(link?.kind ?? '')) return byIndex;
  const attachment = c.attachments.find((a) => a.link?.name === name || a.selection.interface === name);
  return attachment === undefined ? undefined : soundConfig(attachment)?.master;
}
