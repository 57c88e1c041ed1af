/** Why nobody is a member, where a nearer cause than the application's silence is known; a rule of its own names each. */
import { valueIn } from '../model/fact.ts';
import { groupMac } from '../model/group.ts';
import type { Attachment } from './attachment.ts';
import type { Case } from './case.ts';
import { sentInVain, wayOut } from './departures.ts';
import { interfaceWithoutIpv6 } from './ipv6.ts';
import { onLoopback } from './membership.ts';
import { hasFullSockets } from './membership-limit.ts';
import { listeners } from './sockets.ts';

/** The cause as a sentence part; `undefined` when there are members, or none is known. */
export function nearerCause(c: Case): string | undefined {
  if (c.memberships.length > 0) return undefined;
  if (onLoopback(c).length > 0 && c.expected !== undefined) return 'the group is joined on the loopback interface';
  if (addedByHand(c)) return 'the link layer alone listens to the group';
  if (interfaceWithoutIpv6(c) !== undefined) return 'IPv6 is switched off';
  if (sentInVain(c) !== undefined) return 'the target sends to the group';
  if (hasFullSockets(c)) return 'the limit of memberships is reached';
  if (replaced(c).length > 0) return 'the interface is not the one that was joined on';
  return c.ns.routes.length > 0 && wayOut(c).kind !== 'route' ? 'no route leads to the group' : undefined;
}

/** Attachments whose interface has another MAC than the one that was attached, while a socket still waits for the group. */
export function replaced(c: Case): Attachment[] {
  if (c.memberships.length > 0 || listeners(c).length === 0) return [];
  return c.attachments.filter((a) => {
    const [then, now] = [a.status?.mac, a.link?.mac];
    const here = c.expected === undefined || c.expected.interface === a.link?.name;
    return here && then !== undefined && now !== undefined && then.toLowerCase() !== now;
  });
}

function addedByHand(c: Case): boolean {
  const observation = valueIn(c.target.observation);
  const all = observation === undefined ? [] : (valueIn(observation.netns.linkGroups) ?? []);
  return all.some((g) => g.mac === groupMac(c.group.address) && g.globalUsers > 0);
}
