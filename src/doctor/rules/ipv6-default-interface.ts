import { defaultIpv6Interface } from '../ipv6.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, listing } from '../say.ts';
import { interfacesOf } from '../traffic.ts';

const rule: Rule = {
  id: 'ipv6-default-interface',
  title: 'The first IPv6 multicast route is that of the multicast LAN',
  stage: 'socket',
  // joined-on-wrong-interface and sender-wrong-interface are the errors; this says why the usual cure does not work.
  severity: 'info',
  needs: ['links', 'routes'],
  skip: (c) => (c.group.family === 4 ? 'an IPv4 group' : undefined),
  check: (c) => {
    const first = defaultIpv6Interface(c);
    const wanted = c.expected?.interface;
    const used = [...c.memberships.map((m) => m.interface), ...interfacesOf(c.departures)];
    if (first === undefined || wanted === undefined || first === wanted) return [];
    if (!used.includes(first) || used.includes(wanted)) return [];
    const routes = c.ns.routes.filter((r) => r.family === 6 && r.table === 255 && r.destination === 'ff00::/8');
    return [
      {
        summary: `joins and datagrams that name no interface go to ${first}, the first with a route to ff00::/8`,
        detail:
          'Linux looks IPv6 groups up in the local table before any other, and every interface has ff00::/8 there; among equals the first wins. Routes of an attachment (table main) are never asked.',
        advice: `Let the application name ${wanted}: IPV6_JOIN_GROUP with its index, IPV6_MULTICAST_IF, or the address with %${wanted}.`,
        evidence: [
          evidence(
            at(c),
            'routes, table local',
            `ff00::/8 by ${listing(routes.flatMap((r) => r.nextHops.flatMap((hop) => hop.interface ?? [])))}`,
          ),
          evidence(
            at(c, first),
            '/proc/net/igmp6',
            c.memberships.length > 0 ? `member of ${c.group.address}` : `sends to ${c.group.address}`,
          ),
        ],
        fixes: [],
      },
    ];
  },
};
export default rule;
