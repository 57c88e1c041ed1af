/** Processes and their namespaces, by /proc of the lab's daemon (proc(5), pid_namespaces(7)). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * The descendant at the end of a chain of only children: nsenter(1) and unshare(1) fork when they enter a pid namespace, and wait.
 * @param generations 0 is the process itself
 */
export function descendant(pid: number, generations: number): number {
  let found = pid;
  for (let step = 0; step < generations; step += 1) {
    const child = Number.parseInt(children(found), 10);
    if (!Number.isInteger(child)) throw new Error(`process ${found} has no child`);
    found = child;
  }
  return found;
}

/** CONFIG_PROC_CHILDREN is in every distribution's kernel; without it every process is asked for its parent. */
function children(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
  } catch {
    return String(processes().find((candidate) => field(candidate, 'PPid')[0] === pid) ?? '');
  }
}

/** The pids of a process, outermost namespace first: the daemon's, the node's, the container's own. */
export function pidsOf(pid: number): readonly number[] {
  return field(pid, 'NSpid');
}

/** Which namespace a process is in: an identity to compare, `mnt:[4026532…]`. Absent when the process is gone. */
export function namespaceOf(pid: number, kind: 'mnt' | 'net' | 'uts' | 'ipc' | 'pid'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return undefined;
  }
}

/** Ends every process in a mount namespace: what is left of a container that has no pid namespace to go with. */
export function killAllIn(mountNamespace: string): void {
  for (const pid of processes()) if (namespaceOf(pid, 'mnt') === mountNamespace) signal(pid, 'SIGKILL');
}

/** Sends a signal; a process that is gone does not mind. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function field(pid: number, name: string): number[] {
  try {
    const line = new RegExp(`^${name}:(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '';
    return line.trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
