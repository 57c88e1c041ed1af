import { contains, parsePrefix } from '../../model/address.ts';
import { valueIn } from '../../model/fact.ts';
import { isMulticast } from '../../model/group.ts';
import type { NadConfig, NadRoute } from '../../model/nad.ts';
import { type Attachment, soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import { factOf } from '../needs.ts';
import type { Evidence, Rule } from '../rule.ts';
import { at, atNad, evidence, listing } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'nad-route-via-gateway',
  title: 'The route to the group has no gateway',
  stage: 'attachment',
  severity: 'warning',
  needs: ['pod', ['routes', 'attachments']],
  skip: withoutAttachments,
  check: (c) => {
    const bad = valueIn(factOf(c, 'routes')) === undefined ? written(c) : installed(c);
    if (bad.length === 0) return [];
    return [
      {
        summary: `what the pod itself sends to ${c.standIn ? 'groups' : c.group.address} goes to the MAC of ${listing([...new Set(bad.flatMap((r) => r.gateways))])}`,
        detail:
          'A route to a group with a gateway makes Linux send the frames to the gateway’s unicast MAC: receiving works, sending reaches nobody. host-local adds such a gateway by itself.',
        advice: 'Give the route "gw": "0.0.0.0" (a link-scope route).',
        evidence: bad.map((r) => r.evidence),
        fixes: bad
          .flatMap((r) => r.owners)
          .filter((a, i, all) => all.indexOf(a) === i)
          .map((a) => ({
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

interface Bad {
  readonly gateways: readonly string[];
  readonly owners: readonly Attachment[];
  readonly evidence: Evidence;
}

/** Below /4 the kernel ignores a gateway for multicast (net/ipv4/route.c), so the default route is no case of this. */
function forGroup(c: Case, destination: string): boolean {
  const prefix = parsePrefix(destination);
  if (prefix === undefined || prefix.length < 4) return false;
  return contains(destination, c.group.address) || (c.standIn && prefix.family === 4 && isMulticast(prefix.address));
}

function installed(c: Case): Bad[] {
  return c.ns.routes
    .filter((r) => forGroup(c, r.destination))
    .flatMap((r) => {
      const hops = r.nextHops.filter((hop) => hop.gateway !== undefined && hop.interface !== c.primary);
      if (hops.length === 0) return [];
      const [first] = r.nextHops;
      return [
        {
          gateways: r.nextHops.flatMap((hop) => hop.gateway ?? []),
          owners: c.attachments.filter((a) => hops.some((hop) => hop.interface === a.selection.interface)),
          evidence: evidence(
            at(c, first?.interface),
            'routes',
            `${r.destination} via ${first?.gateway} dev ${first?.interface}`,
          ),
        },
      ];
    });
}

/** What the plugins will make of the configuration, where no route of a pod was read. */
function written(c: Case): Bad[] {
  return c.attachments.flatMap((a) => {
    const config = soundConfig(a);
    if (config === undefined) return [];
    return config.routes
      .filter((route) => forGroup(c, route.dst))
      .flatMap((route) => {
        const gateway = gatewayOf(config, route);
        if (gateway === undefined) return [];
        const why = route.gw === undefined ? `, to which ${config.ipamType} adds ${gateway}` : ` via ${gateway}`;
        return [
          {
            gateways: [gateway],
            owners: [a],
            evidence: evidence(atNad(a), 'spec.config ipam.routes', `${route.dst}${why}`),
          },
        ];
      });
  });
}

/** As the IPAM plugins fill in what a route leaves out: host-local always, static and whereabouts only where a gateway is set. */
function gatewayOf({ ipamType, gateway }: NadConfig, { gw }: NadRoute): string | undefined {
  if (gw !== undefined) return gw === '0.0.0.0' ? undefined : gw;
  if (ipamType === 'host-local') return gateway ?? 'the subnet’s first address';
  return ipamType === 'static' || ipamType === 'whereabouts' ? gateway : undefined;
}
