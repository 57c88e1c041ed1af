/** What is mounted in a container (OCI runtime specification, as containerd fills it in). */
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Node } from '../place.ts';
import type { Image } from './image.ts';
import { type Mount, readMountinfo, readOnlyBind } from './mount-table.ts';
import { onNode } from './paths.ts';
import type { Privileges } from './privileges.ts';
import type { RootFolder } from './root-folder.ts';
import type { Container } from './types.ts';
import type { MountedVolume } from './volumes.ts';

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
const PRIVILEGED_DEVICES = ['kmsg', 'fuse', 'net/tun', 'vhost-net', 'ptp0', 'ptp1'];
const READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];
const MASKED = ['/proc/kcore', '/proc/keys', '/proc/timer_list'];

export interface Mounted {
  readonly image: Image;
  readonly container: Container;
  readonly privileges: Privileges;
  readonly volumes: ReadonlyMap<string, MountedVolume>;
  /** Paths of the node: the termination log, and the pod's /dev/shm. */
  readonly terminationLog: string;
  readonly shm: string;
}

/** In the order in which they are to be made. Rejects where a volume or a path of one is absent. */
export async function containerMounts(node: Node, root: RootFolder, made: Mounted): Promise<Mount[]> {
  const { image, privileges, container } = made;
  const mountinfo = readMountinfo(node.pid);
  const readOnly = (path: string) => readOnlyBind(path, mountinfo);
  const mounts: Mount[] = [
    { from: root.path, at: root.path, options: privileges.readOnlyRoot ? ['bind', 'ro'] : ['bind'] },
  ];
  for (const { from, at } of image.binds) {
    mounts.push({ from, at: await root.mountPoint(at, from), options: readOnly(from) });
  }
  const inside = (path: string) => root.path + path;
  const quiet = ['nosuid', 'nodev', 'noexec'];
  mounts.push(
    { from: 'proc', at: inside('/proc'), type: 'proc', options: quiet },
    { from: 'sysfs', at: inside('/sys'), type: 'sysfs', options: privileges.privileged ? quiet : [...quiet, 'ro'] },
    ...(await devices(root, privileges.privileged ? [...DEVICES, ...PRIVILEGED_DEVICES] : DEVICES)),
    {
      from: 'devpts',
      at: inside('/dev/pts'),
      type: 'devpts',
      options: ['newinstance', 'ptmxmode=0666', 'mode=0620', 'nosuid', 'noexec'],
    },
    { from: made.shm, at: inside('/dev/shm'), options: ['bind'] },
  );
  if (!privileges.privileged) {
    for (const path of READ_ONLY.filter(existsSync))
      mounts.push({ from: inside(path), at: inside(path), options: ['bind', 'ro', ...quiet] });
    for (const path of MASKED.filter(existsSync))
      mounts.push({ from: '/dev/null', at: inside(path), options: ['bind'] });
  }
  const log = container.terminationMessagePath ?? '/dev/termination-log';
  mounts.push({ from: made.terminationLog, at: await root.mountPoint(log, made.terminationLog), options: ['bind'] });
  return [...mounts, ...(await volumeMounts(node, root, made, readOnly))];
}

async function devices(root: RootFolder, names: readonly string[]): Promise<Mount[]> {
  const present = names.map((name) => `/dev/${name}`).filter(existsSync);
  return Promise.all(
    present.map(async (path) => ({ from: path, at: await root.mountPoint(path, path), options: ['bind'] })),
  );
}

async function volumeMounts(
  node: Node,
  root: RootFolder,
  { container, volumes }: Mounted,
  readOnly: (path: string) => string[],
): Promise<Mount[]> {
  const made: Mount[] = [];
  // The one nearer the root first, so that a volume inside another is not hidden by it.
  const wanted = [...(container.volumeMounts ?? [])].sort((a, b) => depth(a.mountPath) - depth(b.mountPath));
  const placed: { at: string; from: string }[] = [];
  for (const { name, mountPath, subPath, readOnly: asked } of wanted) {
    const volume = volumes.get(name);
    if (volume === undefined) continue;
    const from = subPath ? posix.join(volume.path, posix.normalize(`/${subPath}`)) : volume.path;
    if (subPath && !existsSync(onNode(node, from))) await mkdir(onNode(node, from), { recursive: true });
    const around = placed.findLast(({ at }) => mountPath.startsWith(`${at}/`));
    const at = around ? root.path + mountPath : await root.mountPoint(mountPath, from);
    if (around) await makeInside(node, around.from + mountPath.slice(around.at.length));
    made.push({ from, at, options: asked || volume.readOnly ? readOnly(from) : ['rbind'] });
    placed.push({ at: posix.normalize(mountPath), from });
  }
  return made;
}

async function makeInside(node: Node, path: string): Promise<void> {
  if (!existsSync(onNode(node, path))) await mkdir(onNode(node, path), { recursive: true });
}

function depth(path: string): number {
  return posix.normalize(path).split('/').filter(Boolean).length;
}

/** Makes an empty file on the node that any user may write to. */
export async function makeTerminationLog(node: Node, path: string): Promise<void> {
  await writeFile(onNode(node, path), '');
  await chmod(onNode(node, path), 0o666);
}
