import { valueIn } from '../../model/fact.ts';
import { podNetworkDefects } from '../../model/pod-network-defects.ts';
import { podNetworkTraits } from '../../model/pod-networks.ts';
import { lanFlows } from '../expected.ts';
import { switchedOn } from '../pod-network.ts';
import type { Rule } from '../rule.ts';
import { at, evidence } from '../say.ts';
import { notOnPodNetwork } from '../skips.ts';

const rule: Rule = {
  id: 'pod-network-defect',
  title: 'No defect of the pod network’s version bears on multicast',
  stage: 'network',
  severity: 'warning',
  needs: ['pod', 'podNetwork'],
  skip: (c) =>
    notOnPodNetwork(c) ??
    (c.arrivals.length > 0
      ? 'the group arrives'
      : switchedOn(c) === false
        ? 'multicast is not switched on'
        : undefined),
  check: (c) => {
    const network = valueIn(c.snapshot.cluster.podNetwork);
    if (network === undefined || lanFlows(c).length > 0) return [];
    const label = podNetworkTraits(network.name)?.label ?? network.name;
    return podNetworkDefects(network).map((defect) => ({
      severity: defect.decisive ? ('error' as const) : ('warning' as const),
      summary: `${label}${network.version === undefined ? '' : ` ${network.version}`}: ${defect.what}`,
      detail: defect.decisive
        ? 'The pod depends on this network for the group, and so gets nothing.'
        : 'The pod depends on this network for the group; this may be why nothing arrives.',
      advice: `${defect.fix}.`,
      evidence: [
        evidence('cluster', network.evidence, `${label}${network.version === undefined ? '' : ` ${network.version}`}`),
        evidence('cluster', defect.source, defect.what),
        evidence(at(c, c.primary), 'capture', `no datagram to ${c.group.address}`),
      ],
      fixes: [{ kind: 'advice' as const, on: 'cluster' as const, title: defect.fix }],
    }));
  },
};
export default rule;
