import { contains } from '../../model/address.ts';
import { valueIn } from '../../model/fact.ts';
import type { Case } from '../case.ts';
import type { Rule } from '../rule.ts';
import { at, evidence } from '../say.ts';
import { notOnPodNetwork } from '../skips.ts';

const rule: Rule = {
  id: 'reserved-group-filtered',
  title: 'The pod network carries the range that the group is in',
  stage: 'network',
  severity: 'error',
  needs: ['pod', 'podNetwork'],
  skip: (c) =>
    notOnPodNetwork(c) ??
    (!contains('224.0.0.0/24', c.group.address)
      ? 'the group is not in 224.0.0.0/24'
      : c.arrivals.length > 0
        ? 'the group arrives'
        : undefined),
  check: (c) => {
    const network = valueIn(c.snapshot.cluster.podNetwork);
    const why = reason(c);
    if (network === undefined || why === undefined) return [];
    return [
      {
        summary: `the pod network does not carry ${c.group.address} between nodes`,
        detail: `${why} 224.0.0.0/24 is for one link (RFC 5771 §4), and in this network pods of different nodes are not on one.`,
        advice:
          'Let the application use a group outside 224.0.0.0/24 (239.0.0.0/8 is for use within a site), or attach all pods to one LAN.',
        evidence: [
          evidence('cluster', network.evidence, `the pod network is ${network.name}`),
          evidence(at(c, c.primary), 'capture', `no datagram to ${c.group.address}`),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'application',
            title: `Use a group outside 224.0.0.0/24 instead of ${c.group.address}, such as one of 239.0.0.0/8`,
          },
        ],
      },
    ];
  },
};
export default rule;

/** What the network's documentation says of the range; `undefined` where it carries it, or says nothing. */
function reason(c: Case): string | undefined {
  const network = valueIn(c.snapshot.cluster.podNetwork);
  if (network?.name === 'ovn-kubernetes')
    return 'OVN-Kubernetes relays no group of 224.0.0.0/24: they stay on the logical switch of their node.';
  const mode = /^\s*trafficEncapMode:\s*"?(\w+)/m.exec(network?.settings['antrea-agent.conf'] ?? '')?.[1];
  return network?.name === 'antrea' && mode !== undefined && mode !== 'encap'
    ? `Antrea carries 224.0.0.0/24 with encapsulation alone (trafficEncapMode is ${mode}).`
    : undefined;
}
