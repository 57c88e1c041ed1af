import { membershipStopped } from '../filtered.ts';
import { openFirewall } from '../open-firewall.ts';
import type { Rule } from '../rule.ts';
import { at, evidence } from '../say.ts';
import { notReceiving } from '../skips.ts';

const rule: Rule = {
  id: 'firewall-drops-igmp',
  title: 'No firewall keeps membership reports or queries away',
  stage: 'filter',
  severity: 'error',
  needs: ['firewall'],
  skip: (c) => notReceiving(c) ?? (c.memberships.length === 0 ? 'the target is no member' : undefined),
  check: (c) => {
    const stopped = membershipStopped(c);
    if (stopped === undefined) return [];
    const protocol = c.group.family === 4 ? 'IGMP' : 'MLD';
    const text =
      stopped.by.kind === 'rule'
        ? `firewall rule "${stopped.by.rule.text}"`
        : `the ${stopped.by.chain.policy} policy of chain ${stopped.by.chain.table}/${stopped.by.chain.name}`;
    const arrives = c.arrivals.some((f) => c.memberships.some((m) => m.interface === f.interface));
    const leaving = stopped.datagram.hook === 'output';
    return [
      {
        // A switch that floods, or that has not forgotten yet, still delivers: then it is a warning of what comes.
        severity: arrives ? 'warning' : 'error',
        summary: `${text} stops ${protocol} ${leaving ? 'reports' : 'queries'}`,
        detail: `The switch ${arrives ? 'will forget' : 'does not learn of'} the membership: ${leaving ? 'the reports never leave the namespace' : 'queries never reach the kernel, so it never answers'}.`,
        advice: `Accept ${protocol} before that rule.`,
        evidence: [
          evidence(
            at(c),
            `${stopped.by.kind === 'rule' ? stopped.by.rule.table : stopped.by.chain.table} table`,
            stopped.moved > 0 ? `${text}: ${stopped.moved} packets during the look` : text,
          ),
          ...c.memberships.map((m) =>
            evidence(at(c, m.interface), m.family === 4 ? '/proc/net/igmp' : '/proc/net/igmp6', `member of ${m.group}`),
          ),
        ],
        fixes: [...openFirewall(c, stopped, protocol), ...(leaving ? [{ kind: 'recreate' as const }] : [])],
      },
    ];
  },
};
export default rule;
