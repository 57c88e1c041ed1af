/**
 * The two shell programs that make a pod, on the node. They are fixed texts: what comes from the cluster reaches them as
 * arguments and in files only. Both speak on file 3 with the kubelet: `ready`, or else what went wrong.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Node } from '../place.ts';
import { onNode } from './paths.ts';

/** Paths on the node: files, so that ps(1) shows names in place of programs. */
export const SANDBOX_INIT = '/run/kubelet/sandbox-init';
export const CONTAINER_INIT = '/run/kubelet/container-init';

const BEGIN = `set -e
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec 2>&3`;

/**
 * Holds a pod's namespaces. Arguments: the host name, empty in the node's own UTS namespace. A SIGCHLD that is ignored stays so
 * over exec: as process 1 of a shared pid namespace it leaves no zombies (wait(2)).
 */
const SANDBOX = `${BEGIN}
if [ -n "$1" ]; then hostname "$1"; fi
trap '' CHLD
echo ready >&3
exec sleep infinity 3>&- 2>/dev/null`;

/** Writes sysctls: arguments are pairs of a path below /proc/sys and a value. */
export const SYSCTLS = `set -e
while [ $# -gt 0 ]; do
    printf %s "$2" >"/proc/sys/$1"
    shift 2
done`;

/**
 * Becomes a container: mounts what the table says, makes the first argument its root (pivot_root(2); the old root goes), waits to
 * be told to go on, and executes the rest by setpriv. Files: 4 setpriv, 5 env, 6 umount, 8 script (with a terminal).
 */
const CONTAINER = `exec 7>&2
${BEGIN}
root=$1
table=$2
shift 2
mount --all --fstab "$table"
cd "$root"
pivot_root . mnt
cd /
/proc/self/fd/6 -l /mnt
echo ready >&3
read -r go <&3
exec 3>&- 6<&-
exec /proc/self/fd/4 "$@" 2>&7 7>&-`;

/** Puts both on the node. */
export function putScripts(node: Node): void {
  mkdirSync(onNode(node, '/run/kubelet'), { recursive: true });
  writeFileSync(onNode(node, SANDBOX_INIT), `${SANDBOX}\n`);
  writeFileSync(onNode(node, CONTAINER_INIT), `${CONTAINER}\n`);
}
