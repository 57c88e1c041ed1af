/** A pod's sandbox: the process that holds its namespaces. */
import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../object.ts';
import type { Node } from '../place.ts';
import type { Sandbox } from '../pod-networks.ts';
import { type HeldProcess, startHeld } from './held-process.ts';
import { enter, type Namespaces } from './namespaces.ts';
import { pidsOf, signal } from './processes.ts';
import { runToEnd } from './run-to-end.ts';
import { SANDBOX_INIT, SYSCTLS } from './scripts.ts';
import type { PodSpec } from './types.ts';

export interface PodSandbox extends Sandbox {
  /** Where its containers are put; their pid namespace: the sandbox's, the node's, or undefined for one each. */
  readonly namespaces: Omit<Namespaces, 'mnt' | 'pid'>;
  readonly sharedPid?: number;
  readonly ended: HeldProcess['ended'];
  end(): void;
}

/** A container's or sandbox's identity: 64 hexadecimal digits, as containerd makes them. */
export function newId(): string {
  return randomBytes(32).toString('hex');
}

/** Makes the namespaces that the pod asks for; the rest is the node's. */
export async function startSandbox(pod: KubeObject, node: Node, hostname: string): Promise<PodSandbox> {
  const spec: PodSpec = pod.spec;
  const shared = spec.shareProcessNamespace === true && spec.hostPID !== true;
  const unshare = [
    'unshare',
    ...(spec.hostNetwork ? [] : ['--net', '--uts']),
    ...(spec.hostIPC ? [] : ['--ipc']),
    ...(shared ? ['--pid', '--fork', '--kill-child'] : []),
  ];
  const name = spec.hostNetwork ? '' : hostname;
  const of = { mnt: node.pid, net: node.pid, uts: node.pid, ipc: node.pid, pid: node.pid };
  const argv = [...enter(of), ...unshare, 'sh', SANDBOX_INIT, name];
  const held = await startHeld(argv, shared ? 2 : 1);
  const { pid } = held;
  return {
    id: newId(),
    pid,
    nodePid: nodePidOf(pid, node),
    namespaces: { net: pid, uts: pid, ipc: pid },
    ...(spec.hostPID ? { sharedPid: node.pid } : shared ? { sharedPid: pid } : {}),
    ended: held.ended,
    end: () => signal(pid, 'SIGKILL'),
  };
}

/** A process's pid as the node sees it. */
export function nodePidOf(pid: number, node: Node): number {
  // The node's own pid namespace is as many levels below the daemon's as its first process, which is 1 there, has pids.
  const level = Math.max(pidsOf(node.pid).length - 1, 0);
  return pidsOf(pid)[level] ?? pid;
}

/** Writes the pod's sysctls, after its interfaces were made, as a container runtime does. */
export async function writeSysctls(pod: KubeObject, sandbox: PodSandbox): Promise<void> {
  const sysctls = (pod.spec as PodSpec).securityContext?.sysctls ?? [];
  if (sysctls.length === 0) return;
  const pairs = sysctls.flatMap(({ name, value }) => [name.replaceAll('.', '/'), value]);
  const { net, uts, ipc } = sandbox.namespaces;
  await runToEnd([...enter({ net, uts, ipc }), 'sh', '-c', SYSCTLS, 'sysctls', ...pairs]);
}
