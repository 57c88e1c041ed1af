import { hostPrefix } from '../../model/address.ts';
import { type Case, unique } from '../case.ts';
import { gatewayOf, isUnicastFrame, sentInVain, wayOut } from '../departures.ts';
import type { Fix } from '../fix.ts';
import { groupRouteFixes } from '../group-route.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, groupText } from '../say.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'group-route-via-gateway',
  title: 'What the target sends goes to the group’s own MAC address',
  stage: 'sender',
  severity: 'error',
  needs: ['routes'],
  skip: (c) =>
    c.departures.length > 0 || sentInVain(c) !== undefined
      ? undefined
      : 'no datagram of the target to the group was seen',
  check: (c) => {
    const astray = c.departures.filter(isUnicastFrame);
    const way = gatewayOf(wayOut(c));
    const tried = sentInVain(c);
    // Departures with the group's MAC prove that the sender chose another way than that route.
    if (astray.length === 0 && (tried === undefined || c.departures.length > 0)) return [];
    const name = astray[0]?.interface ?? way?.interface ?? '';
    const to = way?.gateway ?? astray[0]?.destinationMac ?? 'a gateway';
    return [
      {
        summary: `what the target sends to ${groupText(c)} goes to ${to} instead of the group`,
        detail:
          'A route to a group with a gateway (and a prefix of /4 or longer) makes Linux address the frames to the gateway’s own MAC: sending succeeds, the gateway drops them or is not there, and no member hears them. Receiving works.',
        advice: `Route the group to ${name} without a gateway ("gw": "0.0.0.0" in the attachment).`,
        evidence: [
          ...(astray.length > 0
            ? [
                evidence(
                  at(c, name),
                  'capture',
                  `to MAC ${unique(astray.map((f) => f.destinationMac)).join(', ')}: ${describeFlows(astray)}`,
                ),
              ]
            : []),
          ...(way === undefined
            ? []
            : [
                evidence(
                  at(c, way.interface),
                  'routes',
                  `${way.route?.destination} via ${way.gateway} dev ${way.interface}`,
                ),
              ]),
          ...(tried ?? []),
        ],
        fixes: fixesFor(c, name),
      },
    ];
  },
};
export default rule;

function fixesFor(c: Case, name: string): Fix[] {
  const hot: Fix = {
    kind: 'alternative',
    title: 'Until the pod is created anew, in its network namespace (as root)',
    on: `node/${c.target.node ?? 'unknown'}`,
    run: `ip route replace ${wayOut(c).route?.destination ?? hostPrefix(c.group.address)} dev ${name}`,
  };
  if (c.group.family === 6)
    return [{ kind: 'advice', on: 'application', title: `Name the interface ${name} when sending to ${groupText(c)}` }];
  return c.onHost ? groupRouteFixes(c, name) : [...groupRouteFixes(c, name), hot];
}
