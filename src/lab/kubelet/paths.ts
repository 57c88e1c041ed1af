/** Where a kubelet and its container runtime keep things, on the node and in the node's folder. */
import type { KubeObject } from '../object.ts';
import type { Node } from '../place.ts';

/** containerd's state of what runs, on the node (runtime v2, namespace k8s.io). */
export const TASKS = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';
/** What images are unpacked to, on the node. */
export const IMAGES = '/run/containerd/images';
/** What belongs to pods: volumes and the files that the kubelet itself writes for them. */
export const PODS = '/run/kubelet/pods';

/** A path of the node, as the lab's daemon reaches it. */
export function onNode(node: Node, path: string): string {
  return `/proc/${node.pid}/root${path}`;
}

/** The folder of a pod's logs, on the node: a folder for each container, in it a file for each start. */
export function logFolder(pod: KubeObject): string {
  const { namespace, name, uid } = pod.metadata;
  return `/var/log/pods/${namespace}_${name}_${uid}`;
}

/** How the kubelet's messages name a pod. */
export function fullName(pod: KubeObject): string {
  return `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
}
