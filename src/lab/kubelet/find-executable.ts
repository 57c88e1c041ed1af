/** Looking up a program in a container's root, as runc does before it starts one, and in its words. */
import { lstat, readlink, stat } from 'node:fs/promises';
import { posix } from 'node:path';

/**
 * A path of a container, as the daemon reaches it. Symbolic links are followed inside `root` (chroot(2) would).
 * @returns undefined where a component is absent or links go round in a circle
 */
export async function resolveIn(root: string, path: string): Promise<string | undefined> {
  let done = '/';
  const open = path.split('/');
  for (let links = 0; open.length > 0; ) {
    const name = open.shift() ?? '';
    if (name === '' || name === '.') continue;
    const next = posix.join(done, name);
    const kind = await lstat(root + next).catch(() => undefined);
    if (kind === undefined) return undefined;
    if (!kind.isSymbolicLink()) {
      done = next;
      continue;
    }
    links += 1;
    if (links > 40) return undefined;
    const target = await readlink(root + next);
    if (target.startsWith('/')) done = '/';
    open.unshift(...target.split('/'));
  }
  return root + done;
}

/**
 * Why a program cannot be executed, in runc's words; undefined when it can.
 * @param root the container's root, as the daemon reaches it: /proc/PID/root
 */
export async function whyNotExecutable(
  root: string,
  program: string,
  { path, cwd }: { readonly path: string; readonly cwd: string },
): Promise<string | undefined> {
  if (program.includes('/')) {
    const file = await resolveIn(root, posix.resolve(cwd, program));
    const kind = file && (await stat(file).catch(() => undefined));
    if (!kind) return `exec: "${program}": stat ${program}: no such file or directory`;
    return kind.isFile() && (kind.mode & 0o111) !== 0 ? undefined : `exec: "${program}": permission denied`;
  }
  for (const folder of path.split(':').filter(Boolean)) {
    const file = await resolveIn(root, posix.join(folder, program));
    const kind = await stat(file ?? '').catch(() => undefined);
    if (kind?.isFile() && (kind.mode & 0o111) !== 0) return undefined;
  }
  return `exec: "${program}": executable file not found in $PATH`;
}
