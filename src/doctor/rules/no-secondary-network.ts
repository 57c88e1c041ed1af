import { lanFlows } from '../expected.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence } from '../say.ts';
import { notOnPodNetwork } from '../skips.ts';
import { describeFlows, interfacesOf } from '../traffic.ts';

const rule: Rule = {
  id: 'no-secondary-network',
  title: 'The pod is attached to the network that carries the group',
  stage: 'attachment',
  severity: 'error',
  needs: ['pod'],
  skip: notOnPodNetwork,
  check: (c) => {
    const seen = lanFlows(c);
    if (seen.length === 0 || c.arrivals.length > 0) return [];
    const parent = interfacesOf(seen)[0]!;
    return [
      {
        summary: `the stream is on ${parent} of ${c.target.node}; the pod has ${c.primary} alone`,
        detail:
          'The group comes from outside the cluster network, and no cluster network but Antrea’s lets multicast in. The pod needs an interface on that LAN.',
        advice: `Attach the pod to ${parent} through Multus, with a link-scope route for the group.`,
        evidence: [
          evidence(atNode(c, parent), 'capture', describeFlows(seen.filter((f) => f.interface === parent))),
          evidence(at(c), 'links', c.ns.links.length > 0 ? c.ns.links.map((l) => l.name).join(', ') : 'not read'),
        ],
        fixes: [{ kind: 'attach-new', parent }, { kind: 'recreate' }],
      },
    ];
  },
};
export default rule;
