/** Where the CNI plugins are: on this machine, and on a node. */
import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Node } from '../place.ts';
import { pathOf } from './node-files.ts';

/** Where a node has its plugins (`ls` there is what kmcast and operators look at). */
export const PLUGIN_FOLDER = '/opt/cni/bin';

/** Debian, Alpine and Arch; Fedora; the folder that Kubernetes' own packages fill. */
const FOLDERS = ['/usr/lib/cni', '/usr/libexec/cni', PLUGIN_FOLDER];
/** Without these no pod gets an interface. */
const NEEDED = ['bridge', 'host-local', 'macvlan', 'ptp'];

/**
 * The folder of this machine's CNI plugins: KMCAST_CNI_BIN, else the first that has what the lab needs.
 * Throws a sentence that names the package where there is none.
 */
export function findPlugins(
  environment: NodeJS.ProcessEnv = process.env,
  folders: readonly string[] = FOLDERS,
): string {
  const wanted = environment.KMCAST_CNI_BIN;
  if (wanted !== undefined && wanted !== '') {
    const missing = NEEDED.filter((plugin) => !existsSync(join(wanted, plugin)));
    if (missing.length === 0) return wanted;
    throw new Error(`KMCAST_CNI_BIN is ${wanted}, where the CNI plugins ${missing.join(', ')} are missing`);
  }
  const found = folders.find((folder) => NEEDED.every((plugin) => existsSync(join(folder, plugin))));
  if (found !== undefined) return found;
  throw new Error(
    `the CNI plugins are not installed (looked in ${folders.join(', ')}): install the package containernetworking-plugins (Alpine and Arch: cni-plugins)`,
  );
}

/** Whether a node has the plugin. Throws in libcni's words (pkg/invoke/find.go); `folders` is the path that they name. */
export async function requirePlugin(node: Node, type: unknown, folders: readonly string[]): Promise<void> {
  if (typeof type !== 'string' || type === '') throw new Error('no plugin name provided');
  if (type.includes('/')) throw new Error(`invalid plugin name: ${type}`);
  // A link counts: it is followed on the node, where its target is.
  const entry = await lstat(pathOf(node, `${PLUGIN_FOLDER}/${type}`)).catch(() => undefined);
  if (entry === undefined || entry.isDirectory()) {
    throw new Error(`failed to find plugin "${type}" in path [${folders.join(' ')}]`);
  }
}
