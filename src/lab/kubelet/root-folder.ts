/** A container's root before its mounts: folders, links and mount points, made on the node (in memory: its /run). */
import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import type { Node } from '../place.ts';
import { resolveIn } from './find-executable.ts';
import type { Image } from './image.ts';
import { onNode } from './paths.ts';
import { GROUP, PASSWD } from './pod-files.ts';

const FOLDERS = [
  '/proc',
  '/sys',
  '/dev',
  '/dev/pts',
  '/dev/shm',
  '/etc',
  '/mnt',
  '/root',
  '/run',
  '/usr',
  '/home',
  '/opt',
];
const LINKS: Readonly<Record<string, string>> = {
  '/dev/ptmx': 'pts/ptmx',
  '/dev/fd': '/proc/self/fd',
  '/dev/stdin': '/proc/self/fd/0',
  '/dev/stdout': '/proc/self/fd/1',
  '/dev/stderr': '/proc/self/fd/2',
  '/var/run': '/run',
  '/etc/mtab': '/proc/mounts',
  '/etc/os-release': '../usr/lib/os-release',
};

export interface RootFolder {
  /** As the node sees it. */
  readonly path: string;
  /** Makes what a mount needs to lie on, of the kind of `source` (a path of the node), and says where, as the node sees it. */
  mountPoint(at: string, source?: string): Promise<string>;
}

/** Makes it. `files` are written as they are: path in the container, text. */
export async function makeRoot(
  node: Node,
  path: string,
  image: Image,
  files: Readonly<Record<string, string>>,
  workingDirectory: string,
): Promise<RootFolder> {
  const root = onNode(node, path);
  await mkdir(root, { recursive: true });
  for (const folder of FOLDERS) await mkdir(root + folder);
  for (const folder of ['/tmp', '/var/tmp']) {
    await mkdir(root + folder, { recursive: true });
    await chmod(root + folder, 0o1777);
  }
  await mkdir(`${root}/var/lib`);
  await mkdir(`${root}/var/log`);
  for (const [at, to] of Object.entries(LINKS)) await symlink(to, root + at);
  for (const { at, to } of image.links) await symlink(to, root + at);
  for (const [at, text] of Object.entries({ '/etc/passwd': PASSWD, '/etc/group': GROUP, ...files })) {
    await writeFile(root + at, text);
  }
  // A working directory that the image lacks is made, and is root's, as runc makes it.
  const cwd = await inside(root, workingDirectory);
  if (cwd !== undefined && !covered(image, cwd)) await mkdir(root + cwd, { recursive: true });
  return { path, mountPoint: (at, source) => makeMountPoint(node, path, image, at, source) };
}

async function makeMountPoint(node: Node, path: string, image: Image, at: string, source?: string): Promise<string> {
  const root = onNode(node, path);
  const place = await inside(root, at);
  if (place === undefined) throw new Error(`${at} lies on a symbolic link that leads nowhere`);
  const file = source === undefined ? undefined : await resolveIn(onNode(node, ''), source);
  const folder = file === undefined || (await stat(file)).isDirectory();
  if (!covered(image, place)) {
    if (folder) await mkdir(root + place, { recursive: true });
    else {
      await mkdir(dirname(root + place), { recursive: true });
      await writeFile(root + place, '', { flag: 'a' });
    }
  }
  return path + place;
}

/** Where a path of the container lies below its root, symbolic links followed as far as it exists. */
async function inside(root: string, at: string): Promise<string | undefined> {
  const wanted = posix.normalize(`/${at}`);
  for (let known = wanted; known !== '/'; known = posix.dirname(known)) {
    const found = await resolveIn(root, known);
    if (found !== undefined) return found.slice(root.length) + wanted.slice(known.length);
  }
  return wanted;
}

/** Whether a path is in what is bound from the machine, where nothing can be made. */
function covered(image: Image, path: string): boolean {
  return image.binds.some(({ at }) => path.startsWith(`${at}/`));
}
