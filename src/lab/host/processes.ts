/** Processes as /proc shows them (proc(5)): enough to know one again, and never to signal a stranger. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessStat {
  readonly parent: number;
  /** Clock ticks from the boot to its start: with the pid, this names one process of one boot. */
  readonly startTime: number;
  /** False for a zombie, which only waits for its parent to take note. */
  readonly running: boolean;
}

/** Undefined when there is no such process. */
export function processStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets, which may have any character in it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] ?? '';
  return { parent: Number(fields[1]), startTime: Number(fields[19]), running: state !== 'Z' && state !== 'X' };
}

/** The children of a process, in the order of their pids. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => processStat(child)?.parent === pid);
}

/**
 * The pid here of the process that has `inner` as its pid in the namespace below `outer`, an unshare(1) of which it descends
 * (proc(5), NSpid: here first, then in each nested namespace).
 */
export function pidIn(outer: number, inner: number): number | undefined {
  const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && nestedPid(name) === inner);
  return found.map(Number).find((pid) => descends(pid, outer));
}

function nestedPid(name: string): number | undefined {
  try {
    const row = /^NSpid:\t(.*)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'));
    return Number(row?.[1]?.split('\t')[1] ?? Number.NaN);
  } catch {
    return undefined;
  }
}

function descends(pid: number, ancestor: number): boolean {
  for (let at = pid; at > 1; at = processStat(at)?.parent ?? 0) if (at === ancestor) return true;
  return false;
}

/** Names this boot of the machine (random(4)). */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
