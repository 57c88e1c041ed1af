import { contains, familyOf } from '../../model/address.ts';
import type { Case } from '../case.ts';
import { wayOut } from '../departures.ts';
import { lanFlows } from '../expected.ts';
import type { Fix } from '../fix.ts';
import { groupRouteFixes } from '../group-route.ts';
import { onLoopback } from '../membership.ts';
import { attachmentFor } from '../parent.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence, groupText, listing } from '../say.ts';
import { notReceiving } from '../skips.ts';
import { describeFlows, interfacesOf } from '../traffic.ts';

const rule: Rule = {
  id: 'joined-on-wrong-interface',
  title: 'The group is joined on the interface that carries it',
  stage: 'membership',
  severity: 'error',
  needs: ['memberships'],
  skip: notReceiving,
  check: (c) => {
    const expected = c.expected;
    const here = c.memberships.length > 0 ? c.memberships : onLoopback(c);
    const joined = here.map((m) => m.interface);
    if (
      expected === undefined ||
      expected.by === 'membership' ||
      joined.length === 0 ||
      joined.includes(expected.interface)
    )
      return [];
    const carried = c.arrivals.some((f) => joined.includes(f.interface));
    if (carried) return [];
    const seen = [...c.arrivals, ...lanFlows(c)];
    return [
      {
        summary: `${groupText(c)} is joined on ${listing(joined)}, but belongs to ${expected.interface}`,
        detail: chosenByApplication(c, expected.interface)
          ? `The route to the group leads out of ${expected.interface} and has done so since the pod was created, so the application named ${joined[0]} itself, by its index, its name or its address. Without a membership ${expected.interface} lets the frames go.`
          : c.group.family === 4
            ? `A join that names no interface follows the route to the group, and that leads out of ${joined[0]}. Without a membership ${expected.interface} lets the frames go.`
            : `A join that names no interface takes the first multicast route of the local table, that of ${joined[0]}; routes of an attachment do not change that.`,
        advice: adviceFor(c, expected.interface),
        evidence: [
          ...here.map((m) =>
            evidence(at(c, m.interface), m.family === 4 ? '/proc/net/igmp' : '/proc/net/igmp6', `member of ${m.group}`),
          ),
          evidence(
            at(c, expected.interface),
            familyOf(c.group.address) === 4 ? '/proc/net/igmp' : '/proc/net/igmp6',
            `not a member of ${c.group.address}`,
          ),
          ...(seen.length > 0
            ? [
                evidence(
                  c.onHost ? at(c, interfacesOf(seen)[0]) : atNode(c, interfacesOf(seen)[0]),
                  'capture',
                  describeFlows(seen.filter((f) => f.interface === interfacesOf(seen)[0])),
                ),
              ]
            : []),
        ],
        fixes: fixesFor(c, expected.interface),
      },
    ];
  },
};
export default rule;

function adviceFor(c: Case, name: string): string {
  if (chosenByApplication(c, name))
    return `Let the application join on ${name} (its option for the interface or the local address), or name no interface: the route leads there.`;
  if (c.group.family === 6)
    return `Let the application join with the index of ${name} (IPV6_JOIN_GROUP, or the address with %${name}).`;
  return c.onHost
    ? `Route the group to ${name} on the node, then restart the application: existing joins do not move.`
    : `Give the attachment of ${name} a route for the group, then create the pod anew: existing joins do not move.`;
}

function fixesFor(c: Case, name: string): Fix[] {
  return c.group.family === 6 || chosenByApplication(c, name)
    ? [{ kind: 'advice', on: 'application', title: adviceFor(c, name) }]
    : groupRouteFixes(c, name);
}

/** The pod has had the attachment's route since it was created: what joins elsewhere did not ask for it. */
function chosenByApplication(c: Case, name: string): boolean {
  const config = attachmentFor(c, name)?.config;
  const written = typeof config === 'object' && config.routes.some(({ dst }) => contains(dst, c.group.address));
  const way = wayOut(c);
  return c.group.family === 4 && written && way.kind === 'route' && way.interface === name;
}
