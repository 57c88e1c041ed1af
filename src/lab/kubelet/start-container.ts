/** From a container of a pod's manifest to a process. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import type { Node } from '../place.ts';
import { containerMounts, makeTerminationLog } from './container-mounts.ts';
import { createContainer, type ProcessPlan, type StartedContainer } from './container-process.ts';
import type { PodContext } from './context.ts';
import { commandOf, environmentOf } from './environment.ts';
import type { Image } from './image.ts';
import { mountTable } from './mount-table.ts';
import { onNode, PODS, TASKS } from './paths.ts';
import { hostsFile, resolvFile } from './pod-files.ts';
import { privilegesOf } from './privileges.ts';
import { makeRoot } from './root-folder.ts';
import { removeTask, rootPath, writeTask } from './runtime-state.ts';
import { newId, nodePidOf } from './sandbox.ts';
import type { Container, PodSpec } from './types.ts';

export interface CreatedContainer {
  readonly id: string;
  readonly node: Node;
  readonly process: StartedContainer;
  /** How to add a process to it. */
  readonly plan: ProcessPlan;
  /** As the daemon reaches it. */
  readonly terminationLog: string;
  /** Set when the user that the pod asks for cannot be had. */
  readonly userUnavailable?: number;
  /** Removes what it left, when it has ended. */
  remove(): Promise<void>;
}

/**
 * Makes it; `process.start()` then executes its program.
 * @param target the pid of a process in the pid namespace to join, of an ephemeral container's target
 * @throws Waiting where the manifest cannot be carried out; otherwise an error in the runtime's words
 */
export async function createFrom(
  context: PodContext,
  container: Container,
  image: Image,
  target?: number,
): Promise<CreatedContainer> {
  const { kubelet, sandbox, hostname, addresses, volumes } = context;
  const { node } = kubelet;
  const pod = context.pod();
  const spec: PodSpec = pod.spec;
  const privileges = privilegesOf(pod, container, kubelet.manyUsers);
  const about = { hostIP: node.lan, podIPs: addresses, hostname, uid: privileges.uid, path: image.path };
  const environment = environmentOf(kubelet.store, pod, container, about);
  const command = commandOf(container, image.recipe.command, environment);
  const cwd = container.workingDir || '/';

  const id = newId();
  const folder = `${TASKS}/${id}`;
  const shm = `${PODS}/${pod.metadata.uid}/shm`;
  const terminationLog = `${folder}/termination-log`;
  const table = `${folder}/mounts`;
  try {
    const files = {
      '/etc/hosts': hostsFile(spec, hostname, addresses),
      '/etc/hostname': `${hostname}\n`,
      '/etc/resolv.conf': resolvFile(pod.metadata.namespace ?? ''),
    };
    const root = await makeRoot(node, rootPath(id), image, files, cwd);
    await mkdir(onNode(node, shm), { recursive: true });
    await chmod(onNode(node, shm), 0o1777);
    await makeTerminationLog(node, terminationLog);
    const mounts = await containerMounts(node, root, { image, container, privileges, volumes, terminationLog, shm });
    await writeFile(onNode(node, table), mountTable(mounts));
    const shared = target ?? sandbox.sharedPid;
    const plan = { privileges: privileges.arguments, environment, cwd };
    const process = await createContainer(node, {
      ...plan,
      command,
      namespaces: sandbox.namespaces,
      ...(shared !== undefined && { sharedPid: shared }),
      stdin: container.stdin === true,
      tty: container.tty === true,
      root: root.path,
      table,
    });
    await writeTask(node, pod, {
      id,
      sandboxId: sandbox.id,
      nodePid: nodePidOf(process.pid, node),
      sandboxNodePid: sandbox.nodePid,
      container: { name: container.name, image: container.image },
    });
    const { userUnavailable } = privileges;
    return {
      id,
      node,
      process,
      plan,
      terminationLog: onNode(node, terminationLog),
      ...(userUnavailable !== undefined && { userUnavailable }),
      remove: () => removeTask(node, id),
    };
  } catch (error) {
    await removeTask(node, id);
    throw error;
  }
}
