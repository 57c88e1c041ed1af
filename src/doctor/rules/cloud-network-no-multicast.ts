import { cloudBeneath } from '../cloud.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence } from '../say.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'cloud-network-no-multicast',
  title: 'The network beneath the nodes carries multicast',
  stage: 'network',
  severity: 'error',
  needs: ['nodes'],
  skip: (c) =>
    c.arrivals.length > 0 || c.sightings.some((f) => f.direction === 'in') || c.joinSightings.length > 0
      ? 'the group arrives'
      : undefined,
  check: (c) => {
    const cloud = cloudBeneath(c);
    if (cloud === undefined) return [];
    const name = c.expected?.interface;
    return [
      {
        summary: `${c.target.node} is in ${cloud.label}, whose network does not bring ${c.group.address} to ${name ?? 'the node'}`,
        detail: `${cloud.sentence} Joining and sending succeed all the same.`,
        advice: `${cloud.way}.`,
        evidence: [
          evidence(atNode(c), 'spec.providerID', cloud.providerID),
          evidence(
            at(c, name),
            'capture',
            c.departures.length > 0 ? `leaves: ${describeFlows(c.departures)}` : `no datagram to ${c.group.address}`,
          ),
        ],
        fixes: [{ kind: 'advice', on: 'network', title: cloud.way }],
      },
    ];
  },
};
export default rule;
