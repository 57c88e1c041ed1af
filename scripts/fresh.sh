#!/usr/bin/env bash
# Tries the README's commands where nothing is installed but a base system and Node: a clean root file system, a fresh clone.
#   sudo scripts/fresh.sh FOLDER                     npm run demo, as root and then as an ordinary user
#   sudo scripts/fresh.sh FOLDER npm test            another command, as root
#   sudo scripts/fresh.sh FOLDER --user npm test     as an ordinary user, after root installed the packages that are missing
# FOLDER keeps the pristine file system (made by debootstrap, once); what a run changes is thrown away. Needs debootstrap, and the network.
set -euo pipefail
[[ $(id -u) == 0 ]] || { echo "fresh: run it as root" >&2; exit 2; }
(($# > 0)) || { sed -n '2,6s/^# *//p' "$0" >&2; exit 2; }
checkout=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift

if [[ ! -e $folder/base/etc/debian_version ]]; then
  debootstrap --variant=minbase bookworm "$folder/base" http://deb.debian.org/debian >"$folder/debootstrap.log"
  rm -f "$folder/base"/var/cache/apt/archives/*.deb
fi

# All mounts are of a namespace of their own, and gone with it; so is everything that was started.
export folder checkout
node=$(dirname "$(dirname "$(readlink -f "$(type -P node)")")")
npm=$(dirname "$(dirname "$(readlink -f "$(type -P npm)")")")
export node npm
# A network that is reached through an authority of its own.
ca=${NODE_EXTRA_CA_CERTS-}
if [[ -r $ca ]]; then export ca; else ca=; fi
unset NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR
status=0
unshare --mount --pid --fork --kill-child --propagation private bash -euo pipefail -s -- "$@" <<'INSIDE' || status=$?
mount -t tmpfs -o mode=755,size=4g fresh /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o "lowerdir=$folder/base,upperdir=/mnt/upper,workdir=/mnt/work" fresh /mnt/root
cd /mnt/root
cp -L /etc/resolv.conf etc/resolv.conf
mkdir -p opt/node/bin opt/node/lib/node_modules .old
cp "$node/bin/node" opt/node/bin/
cp -a "$npm" opt/node/lib/node_modules/npm
for name in npm npx; do ln -s "../lib/node_modules/npm/bin/$name-cli.js" "opt/node/bin/$name"; done
# Headers for native modules, as every archive of Node.js has them.
[[ ! -d $node/include/node ]] || { mkdir opt/node/include; cp -a "$node/include/node" opt/node/include/; }
[[ -z ${ca-} ]] || cp -L "$ca" opt/node/ca.crt
echo user:x:1000:1000::/home/user:/bin/bash >>etc/passwd
echo user:x:1000: >>etc/group
for clone in root/kmcast home/user/kmcast; do git clone -q --no-hardlinks "$checkout" "$clone"; done
chown -R 1000:1000 home/user
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
pivot_root . .old
umount -l .old
rmdir .old
export PATH=/opt/node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
[[ -z ${ca-} ]] || export NODE_EXTRA_CA_CERTS=/opt/node/ca.crt
unset KUBECONFIG XDG_RUNTIME_DIR folder checkout node npm ca

timed() {
  local begun=$SECONDS status=0
  "$@" </dev/null || status=$?
  echo "fresh: $what: status $status after $((SECONDS - begun)) s"
  return "$status"
}
as_user() {
  cd /home/user/kmcast
  HOME=/home/user USER=user timed setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps=-all "$@"
}
cd /root/kmcast
if [[ ${1-} == --user ]]; then
  shift
  what="scripts/setup, as root" timed scripts/setup
  what="$*, as an ordinary user" as_user "$@"
elif (($#)); then
  what="$*, as root" timed "$@"
else
  what="npm run demo, as root" timed npm run demo
  what="npm run demo, as an ordinary user" as_user npm run demo
  what="npm run demo once more" as_user npm run demo
fi
for left in /tmp/kmcast* /run/user/*/kmcast*; do [[ ! -e $left ]] || { echo "fresh: $left is left" >&2; exit 1; }; done
INSIDE
exit "$status"
