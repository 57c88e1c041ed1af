import { wayOut } from '../departures.ts';
import { groupRouteFixes } from '../group-route.ts';
import { interfaceWithoutIpv6 } from '../ipv6.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText } from '../say.ts';

const rule: Rule = {
  id: 'no-group-route',
  title: 'A route leads to the group',
  stage: 'sender',
  severity: 'error',
  needs: ['links', 'routes'],
  skip: (c) =>
    c.memberships.length > 0 || c.departures.length > 0
      ? 'the target joins or sends as it is'
      : interfaceWithoutIpv6(c) === undefined
        ? undefined
        : 'IPv6 is switched off',
  check: (c) => {
    const way = wayOut(c);
    if (way.kind === 'route') return [];
    const name = c.expected?.interface ?? c.attachments[0]?.selection.interface;
    const own = c.ns.routes.filter((r) => r.family === c.group.family && r.table === 254);
    return [
      {
        summary: `${way.reason}: sending fails with ${way.error}, and so does a join that names no interface`,
        detail:
          'Linux looks the group up like any destination, for datagrams and for joins without an interface. A network on an interface is no route to a group; a default route or one for 224.0.0.0/4 is.',
        advice:
          name === undefined
            ? 'Give the namespace a route to the group on the interface of the multicast LAN.'
            : `Route the group to ${name}, then start the application anew.`,
        evidence: [
          evidence(
            at(c),
            'routes',
            own.length === 0
              ? 'the main table is empty'
              : `routes to ${own
                  .slice(0, 4)
                  .map((r) => r.destination)
                  .join(', ')}`,
          ),
          evidence(at(c), 'route lookup', `${groupText(c)}: ${way.kind}, ${way.error}`),
        ],
        fixes:
          name === undefined || c.group.family === 6
            ? [
                {
                  kind: 'advice',
                  on: 'application',
                  title: `Name the interface when joining and sending to ${groupText(c)}`,
                },
              ]
            : groupRouteFixes(c, name),
      },
    ];
  },
};
export default rule;
