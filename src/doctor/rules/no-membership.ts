import { nearerCause } from '../membership-absent.ts';
import type { Rule } from '../rule.ts';
import { notRunning } from '../running.ts';
import { at, evidence, groupText } from '../say.ts';
import { notReceiving } from '../skips.ts';

const rule: Rule = {
  id: 'no-membership',
  title: 'The application has joined the group',
  stage: 'membership',
  severity: 'error',
  needs: ['memberships'],
  skip: (c) =>
    notReceiving(c) ?? notRunning(c) ?? (c.target.kind === 'node' ? 'a node is no application' : nearerCause(c)),
  check: (c) => {
    if (c.memberships.length > 0) return [];
    const others = c.ns.memberships
      .filter((m) => m.family === c.group.family && m.interface !== 'lo')
      .map((m) => `${m.group} on ${m.interface}`);
    return [
      {
        summary: `nobody in ${c.target.name} is a member of ${c.group.address}`,
        detail:
          'The kernel delivers a group only to a namespace in which a socket has joined it. (A receiver that bypasses the kernel – DPDK, Onload, AF_XDP, a virtual machine – leaves no trace here.)',
        advice: `Let the application join ${groupText(c)} (IP_ADD_MEMBERSHIP); look into its log for a join that failed.`,
        evidence: [
          evidence(
            at(c),
            c.group.family === 4 ? '/proc/net/igmp' : '/proc/net/igmp6',
            others.length > 0 ? `memberships: ${others.slice(0, 6).join(', ')}` : 'no memberships',
          ),
        ],
        fixes: [{ kind: 'advice', on: 'application', title: `Make the application join ${groupText(c)}` }],
      },
    ];
  },
};
export default rule;
