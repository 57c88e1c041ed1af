/** The first processes of the lab and of its machines, as POSIX shell programs: they mount what is theirs, then reap. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const LAB_INIT_FILE = 'lab-init';
export const MACHINE_INIT_FILE = 'machine-init';

/**
 * Pid 1 of the lab: $1 is where its files live, in memory; the rest is the daemon, with which it ends.
 * A waiting shell takes note of every child's end, also of those that it inherited.
 */
const LAB_INIT = `#!/bin/sh
mount -t tmpfs -o mode=755 lab "$1" || exit 1
shift
"$@" &
wait $!
`;

/**
 * Pid 1 of a machine; $1 its name, $2 its folder, $3 the lab's folder, the rest: files and folders that it shows at their places even if
 * those are in a /tmp or /var that it has not. Says its pid as the daemon sees it, and \`ready\`.
 *
 * Its root is its own: this machine's programs read-only, its own /etc, /run, /tmp, /var and /opt/cni in memory, its own /proc and /sys.
 * (proc and sysfs can be mounted in a user namespace while the old ones are in sight; thus before pivot_root.)
 */
const MACHINE_INIT = `#!/bin/sh
set -e
read -r pid rest < /proc/self/stat
echo "pid $pid"
name=$1 root=$2/root lab=$3
shift 3
hostname "$name"
mkdir -p "$root"
mount -t tmpfs -o mode=755 "$name" "$root"
cd "$root"
mkdir -p ".$lab"
mount --rbind "$lab" ".$lab"
mkdir -p proc sys dev run/netns run/lock tmp var/tmp var/lib/cni var/lib/kubelet var/log/pods var/log/containers \\
  etc/cni/net.d opt/cni/bin .old .machine/etc
chmod 1777 tmp var/tmp
ln -s /run var/run
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
mount --rbind /etc .machine/etc
bound=.machine/etc
for path in /* /opt/*; do
  top=\${path#/}
  case $top in
    proc | sys | dev | run | tmp | var | etc | opt | opt/cni | boot | lost+found) ;;
    *)
      if [ -L "$path" ]; then
        ln -s "$(readlink "$path")" "$top"
      elif [ -d "$path" ]; then
        mkdir -p "$top"
        mount --rbind "$path" "$top"
        bound="$bound $top"
      fi
      ;;
  esac
done
for path in "$@"; do
  [ -e "$path" ] && [ ! -e ".$path" ] || continue
  if [ -d "$path" ]; then mkdir -p ".$path"; else mkdir -p ".\${path%/*}"; : > ".$path"; fi
  mount --rbind "$path" ".$path"
  mount -o remount,bind,ro ".$path" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev ".$path" 2>/dev/null || true
done
for path in /etc/* /etc/.[!.]*; do
  case $path in
    /etc/cni | /etc/hostname | /etc/hosts | /etc/resolv.conf | /etc/mtab) ;;
    *) links="$links /.machine$path" ;;
  esac
done
ln -s $links etc/
ln -s /proc/self/mounts etc/mtab
echo "$name" > etc/hostname
printf '127.0.0.1 localhost\\n::1 localhost\\n127.0.1.1 %s\\n' "$name" > etc/hosts
: > etc/resolv.conf
for top in $bound; do
  # What an unprivileged namespace may not change is not writable for its user either.
  mount -o remount,bind,ro "$top" 2>/dev/null || true
done
pivot_root . .old
umount -l /.old
rmdir /.old
cd /
echo ready
exec </dev/null >/dev/null 2>&1
while :; do
  sleep infinity &
  wait $!
done
`;

/** In the lab's folder, so that ps(1) shows names in place of programs. */
export function writeScripts(folder: string): void {
  writeFileSync(join(folder, LAB_INIT_FILE), LAB_INIT);
  writeFileSync(join(folder, MACHINE_INIT_FILE), MACHINE_INIT);
}
