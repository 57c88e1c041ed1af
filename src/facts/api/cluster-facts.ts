/** What the API tells of the cluster around the targets, read in parallel. */
import type { Cluster, KubeObject } from '../../cluster/cluster.ts';
import { type Fact, isKnown, known, unknown } from '../../model/fact.ts';
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
  const whereabouts = attempt(
    cluster.get<{ resources?: readonly { readonly name: string }[] }>('/apis/whereabouts.cni.cncf.io/v1alpha1'),
  ).then((api) => known(isKnown(api)));
  const namespaces = pods.then((list) =>
    namespaceFacts(cluster, [...new Set([namespace, ...list.map((pod) => pod.namespace)])]),
  );
  const [ds, network, attachments, nodeList, ns, policies, podAddresses, services, hasWhereabouts] = await Promise.all([
    daemonSets,
    Promise.all([daemonSets, nodeFacts]).then(([sets, list]) => podNetworkFacts(cluster, sets, list)),
    pods.then((list) => attachmentFacts(cluster, [...new Set([namespace, ...list.map((pod) => pod.namespace)])])),
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
