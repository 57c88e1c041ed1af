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

/** Names this boot of the machine (random(4)). */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
