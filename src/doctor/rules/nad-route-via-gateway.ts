import { contains, parsePrefix } from '../../model/address.ts';
import type { Rule } from '../rule.ts';
import { at, evidence, listing } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'nad-route-via-gateway',
  title: 'The route to the group has no gateway',
  stage: 'attachment',
  severity: 'warning',
  needs: ['pod', 'routes'],
  skip: withoutAttachments,
  check: (c) => {
    // Below /4 the kernel ignores a gateway for multicast (net/ipv4/route.c), so the default route is no case of this.
    const bad = c.ns.routes.filter(
      (r) =>
        contains(r.destination, c.group.address) &&
        (parsePrefix(r.destination)?.length ?? 0) >= 4 &&
        r.nextHops.some((hop) => hop.gateway !== undefined && hop.interface !== c.primary),
    );
    if (bad.length === 0) return [];
    const owner = c.attachments.filter((a) =>
      bad.some((r) => r.nextHops.some((hop) => hop.interface === a.selection.interface)),
    );
    return [
      {
        summary: `what the pod itself sends to ${c.group.address} goes to the MAC of ${listing(bad.flatMap((r) => r.nextHops.flatMap((h) => h.gateway ?? [])))}`,
        detail:
          'A route to a group with a gateway makes Linux send the frames to the gateway’s unicast MAC: receiving works, sending reaches nobody. host-local adds such a gateway by itself.',
        advice: 'Give the route "gw": "0.0.0.0" (a link-scope route).',
        evidence: bad.map((r) =>
          evidence(
            at(c, r.nextHops[0]?.interface),
            'routes',
            `${r.destination} via ${r.nextHops[0]?.gateway} dev ${r.nextHops[0]?.interface}`,
          ),
        ),
        fixes: owner.map((a) => ({
          kind: 'attachment' as const,
          namespace: a.selection.namespace,
          name: a.selection.name,
          edits: [],
        })),
      },
    ];
  },
};
export default rule;
