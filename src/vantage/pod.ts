/** The parts of pods, nodes and events that vantages read. */
import type { KubeObject, ObjectMeta } from '../cluster/cluster.ts';

/** Why a container is in its state. */
interface StateDetail {
  readonly reason?: string;
  readonly message?: string;
}

export interface ContainerStatus {
  readonly name: string;
  /** `containerd://…`, with the runtime's prefix; absent until it was created. */
  readonly containerID?: string;
  readonly state?: { readonly running?: object; readonly waiting?: StateDetail; readonly terminated?: StateDetail };
}

export interface Pod extends KubeObject {
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers: readonly { readonly name: string; readonly image?: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface Node extends KubeObject {
  readonly status?: {
    readonly images?: readonly { readonly names?: readonly string[]; readonly sizeBytes?: number }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

/** `namespace/name` API path of a pod. */
export function podPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
}

/** Names of the containers that run now, in the pod's order: only these can be exec'ed into. */
export function runningContainers(pod: Pod): string[] {
  const running = new Set(
    (pod.status?.containerStatuses ?? []).flatMap(({ name, state }) => (state?.running ? [name] : [])),
  );
  return pod.spec.containers.map(({ name }) => name).filter((name) => running.has(name));
}

/** Ids of all containers that were ever created, without the runtime's prefix. */
export function containerIds(pod: Pod): string[] {
  const { containerStatuses, initContainerStatuses, ephemeralContainerStatuses } = pod.status ?? {};
  return [containerStatuses, initContainerStatuses, ephemeralContainerStatuses]
    .flatMap((statuses) => statuses ?? [])
    .flatMap(({ containerID }) => (containerID ? [containerID.replace(/^[^/]*:\/\//, '')] : []));
}
