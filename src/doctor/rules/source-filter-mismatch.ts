import { lanFlows } from '../expected.ts';
import { filtersOf, takesSource } from '../membership.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { describeFlows, interfacesOf } from '../traffic.ts';

const rule: Rule = {
  id: 'source-filter-mismatch',
  title: 'The source-specific join names the source that sends',
  stage: 'membership',
  severity: 'error',
  needs: ['memberships', 'sourceFilters'],
  skip: (c) =>
    notReceiving(c) ??
    (filtersOf(c).length === 0
      ? 'no source-specific join'
      : c.sources.length === 0
        ? 'no source is known: none was seen and none was named'
        : undefined),
  check: (c) => {
    const blocked = c.memberships.filter((m) => !c.sources.some((s) => takesSource(c, m.interface, s)));
    if (blocked.length === 0 || blocked.length < c.memberships.length) return [];
    const wanted = [...new Set(filtersOf(c).flatMap((f) => (f.include > 0 ? [f.source] : [])))];
    const refused = [...new Set(filtersOf(c).flatMap((f) => (f.exclude > 0 ? [f.source] : [])))];
    const seen = [...c.arrivals, ...lanFlows(c)];
    const joined = wanted.length > 0 ? `joined for ${listing(wanted)}` : `joined without ${listing(refused)}`;
    return [
      {
        summary: `${groupText(c)} is ${joined}; the stream comes from ${listing(c.sources)}`,
        detail:
          'A source-specific member gets the sources that it named and no other: the kernel drops the rest before the socket, and switches and routers may not forward it at all.',
        advice: `Let the application join with the source ${listing(c.sources)} (IP_ADD_SOURCE_MEMBERSHIP), or let the sender use the address that was agreed on.`,
        evidence: [
          ...filtersOf(c).map((f) =>
            evidence(
              at(c, f.interface),
              f.family === 4 ? '/proc/net/mcfilter' : '/proc/net/mcfilter6',
              `${f.group} source ${f.source} include ${f.include} exclude ${f.exclude}`,
            ),
          ),
          ...(seen.length > 0
            ? [
                evidence(
                  `${c.arrivals.length > 0 ? c.target.name : `node/${c.target.node}`} ${interfacesOf(seen)[0]}`,
                  'capture',
                  describeFlows(seen.filter((f) => f.interface === interfacesOf(seen)[0])),
                ),
              ]
            : []),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Join ${c.group.address} with the source ${listing(c.sources)}, which is the one that sends`,
          },
        ],
      },
    ];
  },
};
export default rule;
