/** A pod's facts out of its API object. Environment, volumes and arguments stay where they are. */
import type { Cluster, KubeObject } from '../../cluster/cluster.ts';
import { type Fact, known, mapFact, unknown } from '../../model/fact.ts';
import { isObject, NETWORKS_ANNOTATION, parseStatus, STATUS_ANNOTATION } from '../../model/nad.ts';
import type { ContainerFacts, EventFacts, PodFacts } from '../snapshot.ts';
import { attempt } from './attempt.ts';
import { ownersOf } from './owners.ts';

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly containerID?: string;
  readonly restartCount?: number;
  readonly state?: {
    readonly running?: object;
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  };
  readonly lastState?: { readonly terminated?: { readonly containerID?: string } };
}

export interface PodObject extends KubeObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers: readonly { readonly name: string; readonly image?: string }[];
    readonly securityContext?: { readonly sysctls?: readonly { readonly name: string; readonly value: string }[] };
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface EventObject extends KubeObject {
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
}

/** Annotation prefixes that bear on networks; all others stay out of the snapshot. */
const NETWORK_ANNOTATIONS = ['k8s.v1.cni.cncf.io/', 'k8s.ovn.org/', 'ovn.kubernetes.io/', 'v1.multus-cni.io/'];

/** Reads owners and events (two or three more requests) and puts all together. */
export async function podFacts(cluster: Cluster, pod: PodObject): Promise<PodFacts> {
  const [owners, events] = await Promise.all([ownersOf(cluster, pod), eventsOf(cluster, pod)]);
  const status = pod.metadata.annotations?.[STATUS_ANNOTATION];
  return {
    name: pod.metadata.name,
    namespace: pod.metadata.namespace ?? 'default',
    uid: pod.metadata.uid ?? '',
    ...(pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName }),
    phase: pod.status?.phase ?? 'Unknown',
    created: pod.metadata.creationTimestamp ?? '',
    labels: pod.metadata.labels ?? {},
    annotations: networkAnnotations(pod.metadata.annotations ?? {}),
    hostNetwork: pod.spec.hostNetwork === true,
    podIPs: (pod.status?.podIPs ?? []).map((p) => p.ip),
    containers: containersOf(pod),
    sysctls: (pod.spec.securityContext?.sysctls ?? []).map(({ name, value }) => ({ name, value })),
    owners,
    annotatedLater: annotatedLater(pod),
    status: status === undefined ? null : parseStatus(status),
    events,
    ...(pod.status?.reason === undefined ? {} : { statusReason: pod.status.reason }),
    ...(pod.status?.message === undefined ? {} : { statusMessage: pod.status.message }),
  };
}

/** Those that bear on networks. */
export function networkAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => NETWORK_ANNOTATIONS.some((prefix) => key.startsWith(prefix))),
  );
}

/** Containers with their state and, once they ran, their id without the runtime's prefix. */
export function containersOf(pod: PodObject): ContainerFacts[] {
  return pod.spec.containers.map((container) => {
    const status = pod.status?.containerStatuses?.find((s) => s.name === container.name);
    const state = status?.state ?? {};
    const id = status?.containerID?.replace(/^.*:\/\//, '');
    const reason = state.waiting?.reason ?? state.terminated?.reason;
    return {
      name: container.name,
      image: container.image ?? status?.image ?? '',
      ...(id === undefined || id === '' ? {} : { id }),
      state:
        state.running !== undefined
          ? 'running'
          : state.waiting !== undefined
            ? 'waiting'
            : state.terminated !== undefined
              ? 'terminated'
              : 'unknown',
      ...(reason === undefined ? {} : { reason }),
      restarts: status?.restartCount ?? 0,
    };
  });
}

/** metadata.managedFields says who wrote the annotation and when; the pod's creation is one write, a later one another. */
function annotatedLater(pod: PodObject): Fact<boolean> {
  const created = Date.parse(pod.metadata.creationTimestamp ?? '');
  const fields = pod.metadata.managedFields;
  if (fields === undefined || Number.isNaN(created))
    return unknown('the API server keeps no managedFields of this pod');
  const writes = fields.filter(
    (entry) =>
      isObject(entry.fieldsV1?.['f:metadata']) &&
      isObject(entry.fieldsV1['f:metadata']['f:annotations']) &&
      `f:${NETWORKS_ANNOTATION}` in entry.fieldsV1['f:metadata']['f:annotations'],
  );
  if (writes.length === 0) return unknown('nobody is recorded as writing the annotation');
  return known(writes.every((entry) => Date.parse(entry.time ?? '') > created + 1000));
}

async function eventsOf(cluster: Cluster, pod: PodObject): Promise<Fact<readonly EventFacts[]>> {
  const path = `/api/v1/namespaces/${pod.metadata.namespace}/events`;
  const list = await attempt(
    cluster.list<EventObject>(path, { fieldSelector: `involvedObject.uid=${pod.metadata.uid}` }),
  );
  return mapFact(list, (events) =>
    events
      .map((event) => ({
        reason: event.reason ?? '',
        message: event.message ?? '',
        time: event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '',
        count: event.count ?? 1,
      }))
      .sort((a, b) => b.time.localeCompare(a.time)),
  );
}
