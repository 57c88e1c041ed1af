/** Entering namespaces with nsenter(1). */
import { namespaceOf } from './processes.ts';

/** The namespaces to enter, each by the process whose it is (a pid of the daemon's). Absent: the daemon's own. */
export interface Namespaces {
  readonly mnt: number;
  readonly net: number;
  readonly uts: number;
  readonly ipc: number;
  /** nsenter forks to enter it: the program is its child. */
  readonly pid: number;
}

const OPTION = { mnt: 'mount', net: 'net', uts: 'uts', ipc: 'ipc', pid: 'pid' } as const;

/**
 * nsenter's command line, up to the program to run. What is the daemon's own is left out: in a user namespace nobody may enter a
 * namespace of the machine's, not even the one that he is in (setns(2)).
 */
export function enter(namespaces: Partial<Namespaces>): string[] {
  const options = Object.entries(namespaces)
    .filter(
      ([kind, pid]) =>
        namespaceOf(pid, kind as keyof Namespaces) !== namespaceOf(process.pid, kind as keyof Namespaces),
    )
    .map(([kind, pid]) => `--${OPTION[kind as keyof Namespaces]}=/proc/${pid}/ns/${kind}`);
  return ['nsenter', ...options, '--'];
}

/** All namespaces of one process. */
export function allOf(pid: number): Namespaces {
  return { mnt: pid, net: pid, uts: pid, ipc: pid, pid };
}
