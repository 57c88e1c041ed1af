import { valueIn } from '../../model/fact.ts';
import { groupMac } from '../../model/group.ts';
import type { LinkGroup } from '../../model/netns.ts';
import type { Case } from '../case.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText } from '../say.ts';
import { notReceiving } from '../skips.ts';

const rule: Rule = {
  id: 'link-layer-only-membership',
  title: 'The membership is one of IP, not of the link layer alone',
  stage: 'membership',
  severity: 'error',
  needs: ['memberships', 'linkGroups'],
  skip: notReceiving,
  check: (c) => {
    const byHand = addedByHand(c);
    const [entry] = byHand;
    if (c.memberships.length > 0 || entry === undefined) return [];
    return [
      {
        summary: `${entry.interface} listens to the MAC of ${c.group.address}, but nobody joined the group`,
        detail:
          '"ip maddr add" (or packet_mreq) opens the interface for a MAC address and no more: no IGMP or MLD report is sent, so switches and routers do not know, and IP drops what comes, because no socket is a member.',
        advice: `Let a socket join ${groupText(c)} (IP_ADD_MEMBERSHIP); the entry made by hand is then not needed.`,
        evidence: [
          ...byHand.map((g) =>
            evidence(
              at(c, g.interface),
              '/proc/net/dev_mcast',
              `${g.mac} added by hand ${g.globalUsers} time${g.globalUsers === 1 ? '' : 's'}`,
            ),
          ),
          evidence(
            at(c),
            c.group.family === 4 ? '/proc/net/igmp' : '/proc/net/igmp6',
            `no membership of ${c.group.address}`,
          ),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Make the application join ${groupText(c)} with a socket, in place of "ip maddr add"`,
          },
        ],
      },
    ];
  },
};
export default rule;

function addedByHand(c: Case): LinkGroup[] {
  const observation = valueIn(c.target.observation);
  const mac = groupMac(c.group.address);
  const all = observation === undefined ? [] : (valueIn(observation.netns.linkGroups) ?? []);
  return all.filter((g) => g.mac === mac && g.globalUsers > 0);
}
