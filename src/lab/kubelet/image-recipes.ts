/** The lab's images: what of this machine a container sees. Nothing is downloaded. */

export interface Recipe {
  /** Names in /usr/bin of the image; `all`: the machine's whole /usr. Those that the machine lacks are left out. */
  readonly programs: 'all' | readonly string[];
  /** Runs when the pod gives no command. */
  readonly command: readonly string[];
}

const SHELL = words(`
  sh bash env printenv true false test [ echo printf sleep date kill nohup timeout nice id whoami hostname uname tty stty
  ls cat cp mv rm mkdir rmdir ln touch chmod chown stat readlink realpath dirname basename df du mktemp tee dd sync
  grep egrep fgrep sed awk cut sort uniq tr wc head tail od hexdump xargs find seq expr yes which base64 md5sum sha256sum
  ps top free mount umount tar gzip gunzip zcat more less clear nproc pwd mkfifo setsid
`);
const NETWORK = words('ip ss bridge tc ping nc netstat ifconfig route arping');
const DEBUG = words(`
  tcpdump nsenter unshare chroot iptables ip6tables iptables-save ip6tables-save nft ethtool conntrack socat curl wget dig
  lsns sysctl perl strace
`);
const WAIT = ['sleep', 'infinity'];

/** By name and tag. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  'lab/app:1': { programs: 'all', command: WAIT },
  'lab/python:1': { programs: [...SHELL, 'python3'], command: WAIT },
  'lab/node:1': { programs: [...SHELL, 'node'], command: WAIT },
  'lab/busybox:1': { programs: [...SHELL, 'ip', 'ping', 'nc', 'route', 'ifconfig'], command: WAIT },
  'lab/distroless:1': { programs: ['sleep'], command: WAIT },
  'lab/netdebug:1': { programs: [...SHELL, ...NETWORK, ...DEBUG, 'python3'], command: WAIT },
};

/** The image that a pod names, if the lab has it; a registry's default prefix makes no difference. */
export function recipeOf(image: string): Recipe | undefined {
  const name = canonicalName(image);
  return Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined;
}

/** Without the registry that is meant when none is given. */
export function canonicalName(image: string): string {
  return image.replace(/^(docker\.io|localhost)\//, '');
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
