/**
 * containerd's state of what runs, as whoever looks for a pod's namespaces on a node reads it: one folder for each sandbox and
 * container with the OCI configuration (the annotations of containerd's CRI plugin) and the pid of its first process.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { KubeObject } from '../object.ts';
import type { Node } from '../place.ts';
import { onNode, TASKS } from './paths.ts';

export interface Task {
  readonly id: string;
  readonly sandboxId: string;
  /** As the node sees them: the first process, and one that is in the pod's network namespace. */
  readonly nodePid: number;
  readonly sandboxNodePid: number;
  /** A container's name and image; absent for the sandbox. */
  readonly container?: { readonly name: string; readonly image: string };
}

/** Where a container's root is, on the node. */
export function rootPath(id: string): string {
  return `${TASKS}/${id}/rootfs`;
}

export async function writeTask(node: Node, pod: KubeObject, task: Task): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const folder = onNode(node, `${TASKS}/${task.id}`);
  const space = (type: string) => ({
    type,
    path: `/proc/${task.sandboxNodePid}/ns/${type === 'network' ? 'net' : type}`,
  });
  const config = {
    ociVersion: '1.0.2-dev',
    hostname: pod.spec.hostname ?? name,
    root: { path: 'rootfs' },
    annotations: {
      'io.kubernetes.cri.container-type': task.container ? 'container' : 'sandbox',
      'io.kubernetes.cri.sandbox-id': task.sandboxId,
      'io.kubernetes.cri.sandbox-name': name,
      'io.kubernetes.cri.sandbox-namespace': namespace,
      'io.kubernetes.cri.sandbox-uid': uid,
      ...(task.container && {
        'io.kubernetes.cri.container-name': task.container.name,
        'io.kubernetes.cri.image-name': task.container.image,
      }),
    },
    linux: { namespaces: [{ type: 'pid' }, space('ipc'), space('uts'), { type: 'mount' }, space('network')] },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/config.json`, JSON.stringify(config));
  await writeFile(`${folder}/init.pid`, String(task.nodePid));
}

/** Removes it and the container's root; its mounts went with its last process. */
export async function removeTask(node: Node, id: string): Promise<void> {
  await rm(onNode(node, `${TASKS}/${id}`), { recursive: true, force: true });
}
