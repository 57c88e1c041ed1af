import { contains, parsePrefix } from '../../model/address.ts';
import { isMulticast } from '../../model/group.ts';
import { attachedAs, soundConfig } from '../attachment.ts';
import type { Case } from '../case.ts';
import { type ClusterAddress, clusterAddresses, nodeAddresses, wayTo } from '../cluster-ways.ts';
import type { Fix } from '../fix.ts';
import type { Rule } from '../rule.ts';
import { at, atNad, evidence, listing } from '../say.ts';
import { withoutAttachments } from '../skips.ts';

const rule: Rule = {
  id: 'nad-route-too-broad',
  title: 'The attachments’ routes leave the cluster’s addresses alone',
  stage: 'attachment',
  severity: 'warning',
  needs: ['pod', 'attachments', 'links', 'addresses', 'routes', 'rules'],
  skip: withoutAttachments,
  check: (c) =>
    c.attachments.flatMap((a) => {
      const name = attachedAs(a);
      const broad = (soundConfig(a)?.routes ?? [])
        .map((route) => ({ dst: route.dst, hit: swallowed(c, route.dst, name) }))
        .filter(({ hit }) => hit.length > 0);
      if (broad.length === 0) return [];
      const routes = broad.map(({ dst }) => dst);
      const hit = broad.flatMap((b) => b.hit);
      const [victim] = hit;
      const fixes: Fix[] = [
        {
          kind: 'attachment',
          namespace: a.selection.namespace,
          name: a.selection.name,
          edits: routes.map((dst) => ({ drop: 'route', dst })),
        },
        { kind: 'recreate' },
      ];
      return [
        {
          summary: `route ${listing(routes)} sends ${victim?.what} ${victim?.address} out of ${name}`,
          detail: `The prefix is wider than the network behind ${name} and covers addresses of the cluster. What the pod sends there is lost.`,
          advice: 'Name the sources and networks that really are behind the attachment, with their own prefix lengths.',
          evidence: [
            evidence(atNad(a), 'spec.config ipam.routes', routes.join(', ')),
            ...hit.slice(0, 3).map((h) => evidence(at(c), 'route lookup', `${h.what} ${h.address} leaves by ${name}`)),
          ],
          fixes,
        },
      ];
    }),
};
export default rule;

/** Addresses of the cluster that the route takes away; a default route is another rule's, and groups are meant to go there. */
function swallowed(c: Case, dst: string, name: string): ClusterAddress[] {
  const prefix = parsePrefix(dst);
  if (prefix === undefined || prefix.family === 6 || prefix.length <= 1 || isMulticast(prefix.address)) return [];
  const canonical = `${prefix.address}/${prefix.length}`;
  return [...clusterAddresses(c), ...nodeAddresses(c)].filter(({ address }) => {
    const way = contains(dst, address) ? wayTo(c, address) : undefined;
    return way?.interface === name && way.route?.destination === canonical;
  });
}
