import type { ServiceFacts } from '../../facts/manifests/facts.ts';
import { type Case, unique } from '../case.ts';
import { manifestsOf, notOfManifests } from '../manifests.ts';
import type { Rule } from '../rule.ts';
import { evidence, listing } from '../say.ts';

const rule: Rule = {
  id: 'service-for-multicast',
  title: 'No Service is meant to carry multicast',
  stage: 'manifest',
  severity: 'warning',
  needs: [],
  skip: notOfManifests,
  check: (c) =>
    (manifestsOf(c)?.services ?? []).flatMap((service) => {
      const signs = signsOf(c, service);
      if (signs.length === 0) return [];
      const named = unique(service.groups.map((g) => g.address));
      return [
        {
          // A group where an address of the cluster is wanted can do nothing at all; a name may mean something else.
          severity: named.length > 0 ? ('error' as const) : ('warning' as const),
          summary:
            named.length > 0
              ? `${service.object} names ${listing(named)}, and no Service, endpoint or load balancer takes groups`
              : `${service.object} looks as if it were for multicast, which no Service carries`,
          detail: `${service.headless ? 'A headless Service is no more than DNS records of pods' : 'kube-proxy, IPVS, MetalLB and cloud load balancers translate unicast addresses'}; datagrams to a group are never sent to a Service’s address, and nothing copies them to its endpoints. Members join the group themselves, on an interface that the stream reaches.`,
          advice:
            'Take it out, and attach the pods to the LAN of the stream (a NetworkAttachmentDefinition), use hostNetwork, or a pod network that carries multicast. A Service for unicast replies or metrics is right as it is.',
          evidence: signs.map(({ source, observed }) => evidence(service.at, `${service.object} ${source}`, observed)),
          fixes:
            named.length === 0
              ? []
              : [
                  {
                    kind: 'advice' as const,
                    on: 'cluster' as const,
                    title: `Take ${listing(named)} out of ${service.object} (${service.at}): pods join groups themselves, on a network that carries them`,
                  },
                ],
        },
      ];
    }),
};
export default rule;

function signsOf(c: Case, service: ServiceFacts): { source: string; observed: string }[] {
  const asked = c.standIn ? undefined : c.group.port;
  return [
    ...service.groups.map(({ address, field }) => ({ source: field, observed: address })),
    ...(service.ports.length === 0
      ? []
      : service.hints.map((hint) => ({ source: 'name', observed: `"${hint}", with a UDP port` }))),
    ...service.ports
      .filter(({ port }) => port === asked)
      .map(({ port }) => ({ source: 'ports', observed: `UDP port ${port}, that of the group` })),
  ];
}
