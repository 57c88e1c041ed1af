import { valueIn } from '../../model/fact.ts';
import { podNetworkTraits } from '../../model/pod-networks.ts';
import { lanFlows } from '../expected.ts';
import { enteringBridge } from '../pod-bridge.ts';
import type { Rule } from '../rule.ts';
import { at, atNode, evidence } from '../say.ts';
import { notOnPodNetwork } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

const rule: Rule = {
  id: 'pod-network-no-multicast',
  title: 'The pod network carries multicast between nodes',
  stage: 'network',
  severity: 'error',
  needs: ['pod', 'podNetwork'],
  skip: (c) => notOnPodNetwork(c) ?? (c.arrivals.length > 0 ? 'the group arrives' : undefined),
  check: (c) => {
    const network = valueIn(c.snapshot.cluster.podNetwork);
    const traits = network === undefined ? undefined : podNetworkTraits(network.name);
    // A stream that is on the node's LAN is the business of no-secondary-network; one with a switch, of the rules about the switch.
    if (
      network === undefined ||
      traits === undefined ||
      traits.switchable ||
      !['none', 'node'].includes(traits.reach) ||
      lanFlows(c).length > 0 ||
      // A sender on the same bridge is one that such a network does carry.
      (traits.reach === 'node' && enteringBridge(c).length > 0)
    )
      return [];
    const sends = c.departures.length > 0;
    return [
      {
        summary: `the pod depends on ${traits.label} for the group, which carries no multicast ${traits.reach === 'node' ? 'between nodes' : 'at all'}`,
        detail: `${traits.sentence} Joining and sending succeed all the same, and nothing says so.`,
        advice:
          'Attach sender and receiver to one LAN through Multus (macvlan), use hostNetwork on both ends, or let the application find its peers by unicast.',
        evidence: [
          evidence(
            'cluster',
            network.evidence,
            `the pod network is ${traits.label}${network.version === undefined ? '' : ` ${network.version}`}`,
          ),
          evidence(
            at(c, c.primary),
            'capture',
            sends ? `leaves: ${describeFlows(c.departures)}` : `no datagram to ${c.group.address}`,
          ),
          ...(c.nodeNs.links.length > 0
            ? [evidence(atNode(c), 'capture', `no datagram to ${c.group.address} on any NIC`)]
            : []),
        ],
        fixes: [
          {
            kind: 'advice',
            on: 'cluster',
            title:
              'Attach sender and receiver to one LAN: the same macvlan NetworkAttachmentDefinition for both, on a NIC that all their nodes have',
          },
          {
            kind: 'alternative',
            title: 'Use the nodes’ network on both ends',
            on: 'application',
            run: 'spec.hostNetwork: true',
          },
          {
            kind: 'alternative',
            title: 'Let the application find its peers by unicast (KUBE_PING, DNS_PING, discovery server)',
            on: 'application',
            run: '',
          },
        ],
      },
    ];
  },
};
export default rule;
