/** Addresses that are in use as the API knows them: of pods' secondary interfaces, and of services. */
import type { Cluster, KubeObject } from '../../cluster/cluster.ts';
import { type Fact, isKnown, known } from '../../model/fact.ts';
import { parseStatus, STATUS_ANNOTATION } from '../../model/nad.ts';
import type { PodAddressFacts } from '../snapshot.ts';
import { attempt } from './attempt.ts';
import type { PodObject } from './pod.ts';

/** All pods' secondary interfaces; of one namespace when the whole cluster may not be listed. */
export async function podAddressFacts(cluster: Cluster, namespace: string): Promise<Fact<readonly PodAddressFacts[]>> {
  const all = await attempt(cluster.list<PodObject>('/api/v1/pods'));
  const pods = isKnown(all) ? all : await attempt(cluster.list<PodObject>(`/api/v1/namespaces/${namespace}/pods`));
  if (!isKnown(pods)) return pods;
  return known(pods.value.flatMap(addressesOf));
}

function addressesOf(pod: PodObject): PodAddressFacts[] {
  const status = parseStatus(pod.metadata.annotations?.[STATUS_ANNOTATION] ?? '');
  return status
    .filter((entry) => !entry.default)
    .map((entry) => ({
      pod: pod.metadata.name,
      namespace: pod.metadata.namespace ?? '',
      ...(pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
      network: entry.name,
      ...(entry.interface === undefined ? {} : { interface: entry.interface }),
      ips: entry.ips,
      ...(entry.mac === undefined ? {} : { mac: entry.mac }),
    }));
}

interface Service extends KubeObject {
  readonly spec?: { readonly clusterIPs?: readonly string[] };
}

/** Cluster addresses of the API's and DNS' services: what a route of an attachment must not swallow. */
export async function serviceAddressFacts(cluster: Cluster): Promise<Fact<readonly string[]>> {
  const services = await Promise.all(
    ['/api/v1/namespaces/default/services/kubernetes', '/api/v1/namespaces/kube-system/services/kube-dns'].map((path) =>
      attempt(cluster.get<Service>(path)),
    ),
  );
  const found = services.filter(isKnown).flatMap((service) => service.value.spec?.clusterIPs ?? []);
  const [first] = services;
  return found.length === 0 && first !== undefined && !isKnown(first)
    ? first
    : known(found.filter((ip) => ip !== 'None'));
}
