import type { DiscoveryFacts } from '../../facts/manifests/facts.ts';
import { manifestsOf, notOfManifests } from '../manifests.ts';
import type { Rule } from '../rule.ts';
import { evidence } from '../say.ts';

/** What finds peers by unicast, by library. */
const INSTEAD: Readonly<Record<string, string>> = {
  Hazelcast: 'join.kubernetes with service-dns of a headless Service (or the API), and join.multicast disabled',
  JGroups:
    'a TCP stack with dns.DNS_PING (a headless Service) or kubernetes.KUBE_PING; Keycloak: --cache-stack=kubernetes or jdbc-ping',
  Elasticsearch: 'discovery.seed_hosts with the name of a headless Service',
  ActiveMQ: 'a network connector static:(tcp://…) with the brokers’ names',
  'ActiveMQ Artemis': 'static connectors, or a JGroups channel with KUBE_PING or DNS_PING',
  'Apache Ignite': 'TcpDiscoveryKubernetesIpFinder',
  Tomcat: 'CloudMembershipService (KubernetesMembershipProvider or DNSMembershipProvider)',
  Ehcache: 'peerDiscovery=manual with the peers’ names',
  'ROS 2 (DDS)': 'a discovery server (ROS_DISCOVERY_SERVER), static peers, or rmw_zenoh',
};

const rule: Rule = {
  id: 'multicast-default-discovery',
  title: 'Applications find their peers by unicast',
  stage: 'manifest',
  severity: 'warning',
  needs: [],
  skip: notOfManifests,
  check: (c) =>
    byLibrary(manifestsOf(c)?.discovery ?? []).map(([library, found]) => {
      const attached = found.every((one) => one.attached);
      return {
        severity: attached ? 'info' : 'warning',
        summary: attached
          ? `${library} finds its peers by multicast: its network must carry it, and it must use that interface`
          : `${library} finds its peers by multicast, which few pod networks carry`,
        detail:
          'Where the pod network drops multicast, every pod sees itself alone: clusters of one member, with no error in any log. No Service helps.',
        advice: `Use ${INSTEAD[library] ?? 'its discovery by DNS or the Kubernetes API'}.`,
        evidence: found
          .slice(0, 4)
          .map(({ at, object, source, sign }) => evidence(at, `${object} ${source}`, `${library}: ${sign}`)),
        fixes: [],
      };
    }),
};
export default rule;

function byLibrary(all: readonly DiscoveryFacts[]): [string, DiscoveryFacts[]][] {
  const names = [...new Set(all.map(({ library }) => library))];
  return names.map((library) => [library, all.filter((one) => one.library === library)]);
}
