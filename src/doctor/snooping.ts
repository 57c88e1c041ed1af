/** The proof of a membership that a switch forgot: nothing comes, a fresh join from the node brings the stream back. */
import { valueIn } from '../model/fact.ts';
import { isUplink } from '../model/links.ts';
import type { Flow, MembershipMessage } from '../model/wire.ts';
import type { Case } from './case.ts';
import { lanFlows, parentName } from './expected.ts';
import { reportsBlocked } from './filtered.ts';
import { takesStream } from './membership.ts';
import type { Found } from './rule.ts';
import { at, atNode, evidence, groupText } from './say.ts';
import { notReceiving } from './skips.ts';
import { describeFlows, interfacesOf, packetsOf } from './traffic.ts';

/** Datagrams that the look without a join must have been long enough for. */
const EXPECTED = 5;

export function snoopingSkip(c: Case): string | undefined {
  return notReceiving(c) ?? (c.memberships.length === 0 ? 'the target is no member' : undefined);
}

/** A finding when the group is a member's, came to nobody without a join and came with one; `queried`: whether a querier was heard meanwhile. */
export function snoopingFinding(
  c: Case,
  options: { readonly protocol: 'IGMP' | 'MLD'; readonly queried: boolean },
): Found[] {
  const name = c.expected?.interface;
  const member = c.memberships.find((m) => m.interface === name);
  const passive = c.sightings.filter((f) => f.direction === 'in' && onUplink(c, f.interface));
  const parent = name === undefined || c.onHost ? name : parentName(c, name);
  // A join that brings the stream to another NIC says nothing of the switch behind this one.
  const revived = lanFlows(c).filter((f) => c.joinSightings.includes(f) && (parent ?? f.interface) === f.interface);
  if (
    member === undefined ||
    c.arrivals.some((f) => f.interface === name && !c.onHost) ||
    passive.length > 0 ||
    revived.length === 0 ||
    mayHaveBeenMissed(c, revived)
  )
    return [];
  // Reports that a firewall stops, or a filter that excludes the source, explain the same sight by a nearer cause.
  if (reportsBlocked(c) || !takesStream(c)) return [];
  const nic = parent ?? interfacesOf(revived)[0];
  const queries = queriesOn(c, nic);
  if (queries.length > 0 !== options.queried) return [];
  const { protocol } = options;
  return [
    {
      summary: options.queried
        ? `the switch does not count ${nic} of ${c.target.node} as a member of ${c.group.address}`
        : `the switch snoops ${protocol}, nobody queries, and the membership aged out`,
      detail: `${c.target.name} has been a member on ${name} all along and got nothing; a fresh join on ${nic} brought the stream at once. ${
        options.queried
          ? 'A querier is there, so the reports of this port do not reach the switch, or a static entry keeps it out.'
          : 'Members report when they join and when they are asked; without a querier the switch forgets them after the membership interval (260 s by default).'
      }`,
      advice: options.queried
        ? 'Look on the switch for a port that filters IGMP or for a static group entry; check its snooping table for this port.'
        : `Enable an ${protocol} querier on the switch or the router of that LAN (with an address of that LAN), or turn snooping off.`,
      evidence: [
        evidence(
          at(c, name),
          member.family === 4 ? '/proc/net/igmp' : '/proc/net/igmp6',
          `member of ${groupText(c)}, ${member.users} socket${member.users === 1 ? '' : 's'}`,
        ),
        evidence(atNode(c, nic), 'capture', `no datagram to ${c.group.address} in ${looked(c)}`),
        evidence(atNode(c, interfacesOf(revived)[0]), 'capture, after a join of kmcast’s', describeFlows(revived)),
        evidence(atNode(c, nic), 'capture', queries.length > 0 ? `query from ${queries[0]!.source}` : 'no query heard'),
      ],
      fixes: options.queried
        ? [{ kind: 'advice', on: 'network', title: `Let ${protocol} reports of this port reach the snooping switch` }]
        : [
            {
              kind: 'advice',
              on: 'network',
              title: `Enable an ${protocol} querier on the switch behind ${nic} of ${c.target.node} (a Linux bridge: ip link set BRIDGE type bridge mcast_querier 1 mcast_query_interval 12500 mcast_query_use_ifaddr 1)`,
            },
            {
              kind: 'alternative',
              title: 'Turn snooping off on that switch: every port then gets every group',
              on: 'network',
              run: '',
            },
            {
              kind: 'alternative',
              title: 'Until then: restart the receiver, which joins anew (lasts for one membership interval)',
              on: 'application',
              run: '',
            },
          ],
    },
  ];
}

/**
 * A slow stream is not seen in every look: the one without a join must have been long enough for it. With five datagrams expected on
 * average, seeing none by chance is less likely than 1 %.
 */
function mayHaveBeenMissed(c: Case, revived: readonly Flow[]): boolean {
  const node = valueIn(c.nodeObservation);
  const passive = (node === undefined ? undefined : valueIn(node.look))?.duration ?? 0;
  const joined = (node === undefined ? undefined : valueIn(node.joinLook))?.duration ?? 0;
  return joined === 0 || (packetsOf(revived) * passive) / joined < EXPECTED;
}

function onUplink(c: Case, name: string): boolean {
  const link = c.nodeNs.links.find((l) => l.name === name);
  return link !== undefined && isUplink(link, c.nodeNs.links, c.nodeNs.addresses);
}

function queriesOn(c: Case, nic: string | undefined): MembershipMessage[] {
  const node = valueIn(c.nodeObservation);
  const looks = node === undefined ? [] : [valueIn(node.look), valueIn(node.joinLook)];
  return looks
    .flatMap((look) => look?.messages ?? [])
    .filter((m) => m.direction === 'in' && m.interface === nic && m.type.endsWith('query'));
}

function looked(c: Case): string {
  const node = valueIn(c.nodeObservation);
  const look = node === undefined ? undefined : valueIn(node.look);
  return `${((look?.duration ?? 0) / 1000).toFixed(1)} s`;
}
