/**
 * The cluster that the end-to-end tests run on, and what differs between clusters. KMCAST_SITE=lab is a lab of kmcast's own (its name in
 * KMCAST_LAB), anything else the test cluster; KUBECONFIG names either. Both have nodes node1 and node2, a host outside, a LAN on eth0 and a
 * multicast LAN on eth1, Flannel's data plane, and images python, busybox, distroless, netdebug.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MACHINES_KUBECONFIG } from '../../src/lab/api/kubeconfig.ts';
import { enterLab } from '../../src/lab/host/enter-lab.ts';
import { labFolder, thisUser } from '../../src/lab/host/folder.ts';
import { type LabState, readLabState } from '../../src/lab/host/state.ts';

/** kmcast, as it is tested. */
export const BIN = process.env.KMCAST_BIN ?? fileURLToPath(new URL('../../bin/kmcast.js', import.meta.url));

export interface Site {
  readonly name: 'cluster' | 'lab';
  /** The argv that runs another on the host outside, which can ask the API too. */
  outside(argv: readonly string[]): string[];
  /** Connects one more host to the multicast LAN by its eth1, which has no address. */
  listener(): Listener;
  /** Runs a program in a pod; throws when it fails. */
  exec(namespace: string, pod: string, argv: readonly string[]): string;
  image(name: string): string;
  /** Addresses on the nodes' LAN, but for the last number. */
  readonly lan: string;
  /** The multicast LAN: subnet, and the part of its addresses before the last number. */
  readonly subnet: string;
  readonly prefix: string;
  readonly subnet6: string;
  readonly prefix6: string;
  /** The outside host's address on it. */
  readonly near: string;
}

export interface Listener {
  /** The argv that runs another there. */
  run(argv: readonly string[]): string[];
  close(): void;
}

export const site: Site = process.env.KMCAST_SITE === 'lab' ? lab(process.env.KMCAST_LAB ?? 'lab') : cluster();

function addresses(prefix: string, prefix6: string) {
  return { prefix, prefix6, subnet: `${prefix}0/24`, subnet6: `${prefix6}/64`, near: `${prefix}50` };
}

function cluster(): Site {
  const inside = (netns: string) => (argv: readonly string[]) => ['ip', 'netns', 'exec', netns, ...argv];
  const name = `kmdl${process.pid}`;
  return {
    name: 'cluster',
    outside: inside('kmc-outside'),
    listener: () => {
      sh(`ip netns add ${name}
ip link add ${name} type veth peer name eth1 netns ${name}
ip link set ${name} master kmc-mc up; ip -n ${name} link set eth1 up`);
      return { run: inside(name), close: () => sh(`ip netns del ${name}`) };
    },
    exec: (namespace, pod, argv) => run(['kubectl', '-n', namespace, 'exec', pod, '--', ...argv]),
    image: (image) => `localhost/${image}:1`,
    lan: '172.30.0.',
    ...addresses('172.31.0.', 'fd00:31::'),
  };
}

function lab(name: string): Site {
  const folder = labFolder(thisUser(), name);
  const state = readLabState(folder) as LabState;
  const { places = [], switches = 0 } = state?.ready ?? {};
  const machines = [...places, { name: 'lan', pid: switches }];
  const inside = (place: string) => (argv: readonly string[]) => {
    const found = machines.find((machine) => machine.name === place);
    const entered = found && enterLab(state, found, process.getuid?.() === 0, argv);
    if (entered === undefined) throw new Error(`the lab ${name} is not up, or has no machine ${place}`);
    return entered;
  };
  const onLan = inside('lan');
  return {
    name: 'lab',
    outside: (argv) => inside('outside')(['env', `KUBECONFIG=${join(folder, MACHINES_KUBECONFIG)}`, ...argv]),
    listener: () => {
      const port = `kmdl${process.pid}`;
      // Namespaces without names: an ordinary user's lab can make them too.
      const script = `unshare --net sleep 3600 >/dev/null 2>&1 & pid=$!
for i in $(seq 100); do [ "$(readlink /proc/$pid/ns/net)" = "$(readlink /proc/$$/ns/net)" ] || break; sleep .02; done
ip link add ${port} type veth peer name eth1 netns $pid; ip link set ${port} master mcast up
nsenter -t $pid -n ip link set eth1 up; echo $pid`;
      const pid = run(onLan(['sh', '-ec', script])).trim();
      return {
        run: (argv) => onLan(['nsenter', '-t', pid, '-n', '--', ...argv]),
        close: () => run(onLan(['kill', pid])),
      };
    },
    // Debian's kubectl is older than the lab's one way to do so, a WebSocket.
    exec: (namespace, pod, argv) =>
      run([process.execPath, BIN, 'lab', 'exec', '--name', name, '-n', namespace, `pod/${pod}`, '--', ...argv]),
    image: (image) => `lab/${image}:1`,
    lan: '192.168.40.',
    ...addresses('192.168.50.', 'fd50::'),
  };
}

function sh(script: string): string {
  return run(['sh', '-ec', script]);
}

/** Runs a program to its end; throws with its stderr when that is a bad one. */
export function run([program = '', ...args]: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
