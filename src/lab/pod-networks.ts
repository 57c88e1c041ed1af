/** What a kubelet asks of the network plugins, and what it gets. */
import type { KubeObject } from './object.ts';
import type { Node } from './place.ts';

/** A pod's sandbox, before its containers: an empty network namespace, held by a process. */
export interface Sandbox {
  readonly id: string;
  /** The process that holds it, in the daemon's pid namespace, and in the node's. */
  readonly pid: number;
  readonly nodePid: number;
}

/** What the pod's networks came to. */
export interface Networks {
  /** Addresses of eth0 (status.podIPs). */
  readonly addresses: readonly string[];
  /** The annotation k8s.v1.cni.cncf.io/network-status, absent where no meta-plugin runs. */
  readonly status?: string;
}

/**
 * The pod's default network and those that its annotation names (NPWG multi-network specification v1.3). `attach` throws an error
 * whose message is what the kubelet puts into the event FailedCreatePodSandBox, in the plugins' own words.
 * `detach` undoes all that was done, as far as it can, and never throws: addresses go back to their ranges.
 */
export interface PodNetworks {
  attach(pod: KubeObject, node: Node, sandbox: Sandbox): Promise<Networks>;
  detach(pod: KubeObject, node: Node, sandbox: Sandbox): Promise<void>;
}
