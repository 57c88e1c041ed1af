/** Entering namespaces with nsenter(1). */

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

/** nsenter's command line, up to the program to run. */
export function enter(namespaces: Partial<Namespaces>): string[] {
  const options = Object.entries(namespaces).map(
    ([kind, pid]) => `--${OPTION[kind as keyof Namespaces]}=/proc/${pid}/ns/${kind}`,
  );
  return ['nsenter', ...options, '--'];
}

/** All namespaces of one process. */
export function allOf(pid: number): Namespaces {
  return { mnt: pid, net: pid, uts: pid, ipc: pid, pid };
}
