/** Where labs keep their state: one folder a lab, below one of this user's. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from './lab-error.ts';

export interface User {
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function thisUser(): User {
  return { uid: process.getuid?.() ?? 0, env: process.env };
}

/** `$XDG_RUNTIME_DIR/kmcast-lab` where that folder is this user's (XDG Base Directory Specification), else `/tmp/kmcast-lab-UID`. */
export function labsFolder(user: User): string {
  const runtime = user.env.XDG_RUNTIME_DIR;
  if (runtime?.startsWith('/') && lstatSync(runtime, { throwIfNoEntry: false })?.uid === user.uid)
    return join(runtime, 'kmcast-lab');
  return `/tmp/kmcast-lab-${user.uid}`;
}

export function labFolder(user: User, name: string): string {
  return join(labsFolder(user), name);
}

/** The names of all labs that have a folder, running or not. */
export function labNames(user: User): string[] {
  try {
    return readdirSync(labsFolder(user)).sort();
  } catch {
    return [];
  }
}

/** Makes a lab's folder, readable for this user alone. Throws LabError where somebody else's stands in its place. */
export function makeLabFolder(user: User, name: string): string {
  const parent = labsFolder(user);
  const folder = join(parent, name);
  try {
    mkdirSync(parent, { mode: 0o700, recursive: true });
    const found = lstatSync(parent);
    if (!found.isDirectory() || found.uid !== user.uid || (found.mode & 0o022) !== 0)
      throw new LabError(`${parent} is not a folder of this user alone`, `remove it, or set XDG_RUNTIME_DIR`);
    mkdirSync(folder, { mode: 0o700, recursive: true });
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError(`the lab's folder ${folder} cannot be made: ${(error as Error).message}`, 'set XDG_RUNTIME_DIR');
  }
  return folder;
}

/** Removes a lab's folder, and the one above when it was the last. Throws LabError when something is mounted in it. */
export function removeLabFolder(folder: string): void {
  const mounted = mountPoints().filter((path) => path === folder || path.startsWith(`${folder}/`));
  if (mounted.length > 0)
    throw new LabError(`${folder} stays: ${mounted[0]} is mounted there`, `umount it, then run lab down again`);
  rmSync(folder, { recursive: true, force: true });
  try {
    rmdirSync(dirname(folder));
  } catch {
    // Another lab is in it, or it is gone.
  }
}

/** Of this process's mount namespace (proc(5), mountinfo: the fifth field; a blank in a path is written \040). */
function mountPoints(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((path) => path.replaceAll('\\040', ' '));
}
