import { isSourceSpecific } from '../../model/group.ts';
import { askedSource, isOnLink } from '../asked-source.ts';
import { lanFlows } from '../expected.ts';
import { filtersOf } from '../membership.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notReceiving } from '../skips.ts';

const rule: Rule = {
  id: 'ssm-without-source',
  title: 'A group of the source-specific range is joined with its source',
  stage: 'group',
  severity: 'error',
  needs: ['memberships', 'sourceFilters'],
  skip: (c) =>
    notReceiving(c) ??
    (isSourceSpecific(c.group.address) ? undefined : 'the group is not in the source-specific range') ??
    (c.memberships.length === 0 ? 'the target is no member' : undefined),
  check: (c) => {
    if (filtersOf(c).some((f) => f.include > 0)) return [];
    const seen = [...c.arrivals, ...lanFlows(c)].length > 0;
    const asked = askedSource(c);
    // Without a router in between nobody insists on the source.
    const nearby = asked !== undefined && isOnLink(c, asked) === true;
    const range = c.group.family === 4 ? '232.0.0.0/8' : 'ff3x::/32';
    const source = c.sources.length > 0 ? listing(c.sources) : undefined;
    return [
      {
        severity: seen || nearby ? 'warning' : 'error',
        summary: `${groupText(c)} is joined for any source, but ${range} is source-specific`,
        detail:
          'Routers and many switches ignore a join for any source in this range (RFC 4604 §2.2, RFC 4607 §1): they know no way to a source that nobody named. It works at most while the sender is on the same LAN.',
        advice: `Join with the source${source === undefined ? '' : ` ${source}`} (IP_ADD_SOURCE_MEMBERSHIP, MCAST_JOIN_SOURCE_GROUP)${source === undefined ? '; whoever runs the sender knows it' : ''}.`,
        evidence: [
          ...c.memberships.map((m) =>
            evidence(at(c, m.interface), m.family === 4 ? '/proc/net/igmp' : '/proc/net/igmp6', `member of ${m.group}`),
          ),
          evidence(
            at(c),
            c.group.family === 4 ? '/proc/net/mcfilter' : '/proc/net/mcfilter6',
            `no source is named for ${c.group.address}`,
          ),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Join ${c.group.address} with ${source === undefined ? 'the address of its sender' : `the source ${source}`}, or use a group outside ${range}`,
          },
        ],
      },
    ];
  },
};
export default rule;
