/** The mounts of a container as a table for mount(8) --all, so that one process makes them all (fstab(5)). */
import { readFileSync } from 'node:fs';

export interface Mount {
  /** A path of the node; for a new file system its type: `proc`. */
  readonly from: string;
  /** Where, as the node sees it. */
  readonly at: string;
  readonly options: readonly string[];
  /** Absent: from is bound. */
  readonly type?: string;
}

/** Flags that a mount from a more privileged mount namespace keeps: dropping one is refused (mount_namespaces(7)). */
const LOCKED = new Set(['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime']);

/** The table's text. */
export function mountTable(mounts: readonly Mount[]): string {
  return mounts
    .map(({ from, at, options, type }) => `${field(from)} ${field(at)} ${type ?? 'none'} ${options.join(',')} 0 0\n`)
    .join('');
}

/**
 * Options that bind a path read-only, with what has to stay as it is.
 * @param mountinfo /proc/PID/mountinfo of the mount namespace in which the path is (proc_pid_mountinfo(5))
 */
export function readOnlyBind(path: string, mountinfo: string): string[] {
  return ['rbind', 'ro', ...lockedFlags(path, mountinfo)];
}

/** @returns '' when the process is gone */
export function readMountinfo(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8');
  } catch {
    return '';
  }
}

function lockedFlags(path: string, mountinfo: string): string[] {
  let best = { at: '', options: '' };
  for (const line of mountinfo.split('\n')) {
    const [, , , , at = '', options = ''] = line.split(' ');
    const plain = at.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
    const inside = plain === '/' || path === plain || path.startsWith(`${plain}/`);
    if (at !== '' && inside && plain.length >= best.at.length) best = { at: plain, options };
  }
  return best.options.split(',').filter((option) => LOCKED.has(option));
}

/** What separates fields and lines, and the escape itself; three octal digits each. */
function field(text: string): string {
  return text.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
