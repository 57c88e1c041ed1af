/** What the API tells of the cluster around the targets, read in parallel. */
import { type Cluster, ClusterError, type KubeObject } from '../../cluster/cluster.ts';
import { type Fact, isKnown, known, unknown } from '../../model/fact.ts';
import { NETWORKS_ANNOTATION, parseNetworks } from '../../model/nad.ts';
import type { ClusterFacts, PodFacts } from '../snapshot.ts';
import { podAddressFacts, serviceAddressFacts } from './addresses.ts';
import { attachmentFacts, metaPluginFacts } from './attachments.ts';
import { attempt } from './attempt.ts';
import { type NodeObject, nodeObjectFacts } from './nodes.ts';
import { type DaemonSetObject, podNetworkFacts } from './pod-network.ts';
import { policyFacts } from './policies.ts';

const NAMESPACE_ANNOTATIONS = ['k8s.ovn.org/', 'netnamespace.network.openshift.io/', 'ovn.kubernetes.io/'];

/** `pods` resolves once the targets are known; what does not depend on them is asked for at once. */
export async function clusterFacts(
  cluster: Cluster,
  namespace: string,
  nodes: Promise<Fact<readonly NodeObject[]>>,
  pods: Promise<readonly PodFacts[]>,
): Promise<ClusterFacts> {
  const daemonSets = attempt(cluster.list<DaemonSetObject>('/apis/apps/v1/daemonsets'));
  const nodeFacts = nodes.then(nodeObjectFacts);
  const addresses = podAddressFacts(cluster, namespace);
  const whereabouts = isServed(cluster, '/apis/whereabouts.cni.cncf.io/v1alpha1');
  const namespaces = pods.then((list) =>
    namespaceFacts(cluster, [...new Set([namespace, ...list.map((pod) => pod.namespace)])]),
  );
  const [ds, network, attachments, nodeList, ns, policies, podAddresses, services, hasWhereabouts] = await Promise.all([
    daemonSets,
    Promise.all([daemonSets, nodeFacts]).then(([sets, list]) => podNetworkFacts(cluster, sets, list)),
    pods.then((list) => attachmentFacts(cluster, networkNamespaces(list))),
    nodeFacts,
    namespaces,
    pods.then((list) => policyFacts(cluster, list)),
    addresses,
    serviceAddressFacts(cluster),
    whereabouts,
  ]);
  const statusSeen = isKnown(podAddresses) && podAddresses.value.length > 0;
  const ownStatus = (await pods).some((pod) => pod.status !== null);
  return {
    context: cluster.context,
    podNetwork: network,
    metaPlugin: metaPluginFacts(ds, statusSeen || ownStatus),
    attachments,
    nodes: nodeList,
    namespaces: ns,
    policies,
    podAddresses,
    serviceAddresses: services,
    whereabouts: hasWhereabouts,
  };
}

/** Whether the server has that API; not found is an answer, anything else is none. */
async function isServed(cluster: Cluster, path: string): Promise<Fact<boolean>> {
  try {
    await cluster.get<object>(path);
    return known(true);
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'not-found') return known(false);
    return unknown(error instanceof Error ? error.message : String(error));
  }
}

/** Namespaces in which the pods' attachments may be: their own, and those that their annotations name. */
function networkNamespaces(pods: readonly PodFacts[]): string[] {
  const named = pods.flatMap((pod) => {
    const networks = parseNetworks(pod.annotations[NETWORKS_ANNOTATION] ?? '', pod.namespace);
    return typeof networks === 'string' ? [] : networks.map((network) => network.namespace);
  });
  return [...new Set([...pods.map((pod) => pod.namespace), ...named])];
}

async function namespaceFacts(cluster: Cluster, names: readonly string[]): Promise<ClusterFacts['namespaces']> {
  const objects = await Promise.all(
    names.map((name) => attempt(cluster.get<KubeObject>(`/api/v1/namespaces/${name}`))),
  );
  const failed = objects.find((object) => !isKnown(object));
  if (failed !== undefined && !isKnown(failed)) return unknown(failed.unknown);
  return known(
    Object.fromEntries(
      objects
        .filter(isKnown)
        .map(({ value }) => [
          value.metadata.name,
          Object.fromEntries(
            Object.entries(value.metadata.annotations ?? {}).filter(([key]) =>
              NAMESPACE_ANNOTATIONS.some((prefix) => key.startsWith(prefix)),
            ),
          ),
        ]),
    ),
  );
}
