/** The node's interface under a target's interface, and what leaves the node by it. */
import { isUp } from '../model/links.ts';
import type { Link } from '../model/netns.ts';
import type { Flow } from '../model/wire.ts';
import { type Attachment, attachedAs } from './attachment.ts';
import type { Case } from './case.ts';
import { parentName } from './expected.ts';

/** The parent of the target's interface, when both are known. */
export function parentLink(c: Case, name: string): Link | undefined {
  const parent = parentName(c, name);
  return c.nodeNs.links.find((link) => link.name === parent);
}

/** The attachment that makes the target's interface. */
export function attachmentFor(c: Case, name: string): Attachment | undefined {
  return c.attachments.find((a) => attachedAs(a) === name);
}

/** The target's interface of that name. */
export function ownLink(c: Case, name: string): Link | undefined {
  return c.ns.links.find((link) => link.name === name);
}

/** Why the interface that should carry the group cannot: it or its parent is down. */
export function offline(c: Case): string | undefined {
  const name = c.expected?.interface;
  if (name === undefined) return undefined;
  const down = [ownLink(c, name), c.onHost ? undefined : parentLink(c, name)].find((l) => l !== undefined && !isUp(l));
  return down === undefined ? undefined : `${down.name} is down`;
}

/**
 * Datagrams of the group that leave the node by the parent, from somebody else on the node than the target. Those of a VLAN on top of
 * the parent pass it too, but are in another network.
 */
export function leavingBy(c: Case, parent: Link): Flow[] {
  const own = c.ns.links.map((link) => link.mac);
  const all = [...c.sightings, ...c.joinSightings].filter((f) => f.direction === 'out');
  const vlans = c.nodeNs.links.filter((l) => l.kind === 'vlan' && l.parentIndex === parent.index).map((l) => l.name);
  const tagged = all.filter((f) => vlans.includes(f.interface)).map((f) => f.source);
  return all.filter((f) => f.interface === parent.name && !own.includes(f.sourceMac) && !tagged.includes(f.source));
}
