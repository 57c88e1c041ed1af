/** All machines of a lab and the LANs between them. */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Places } from '../place.ts';
import { LAN, MULTICAST, nodeHost, nodePodCidr, OUTSIDE } from './addresses.ts';
import { run } from './child.ts';
import { follow } from './first-process.ts';
import { lanBatch, machineBatch, NETWORK_SCRIPT } from './links.ts';
import { type Machine, startMachine } from './machine.ts';
import type { LabShape } from './shape.ts';

export interface StartedPlaces extends Places {
  /** Rejects when a machine or the LANs end: the lab cannot go on. */
  readonly lost: Promise<never>;
  /** A process in the network namespace of the two bridges, which are the switches. */
  readonly switches: number;
}

/** Below the lab's folder: a file system in memory, of the lab's own mount namespace. */
export const PLACES = 'places';

/** Makes the machines and joins them. Rejects with the words of the program that failed. */
export async function startPlaces(folder: string, shape: LabShape, manyUsers: boolean): Promise<StartedPlaces> {
  const hosts = [OUTSIDE, ...Array.from({ length: shape.nodes }, (_, index) => nodeHost(index + 1))];
  const [lans, outside, ...nodes] = await Promise.all([
    startLans(),
    start('outside', OUTSIDE, folder),
    ...Array.from({ length: shape.nodes }, (_, index) => start(`node${index + 1}`, nodeHost(index + 1), folder)),
  ]);
  const machines = [outside, ...nodes];
  const ports = machines.map(({ name, pid }, index) => ({ name, pid, host: hosts[index]! }));
  await configure(lans.pid, lanBatch(ports));
  const ipv6 = existsSync('/proc/sys/net/ipv6');
  await Promise.all([
    ...ports.map(({ pid, host }) => configure(pid, machineBatch(host, ipv6))),
    ...machines.map(({ mounted }) => mounted),
  ]);
  const lost = Promise.race([lans.lost, ...machines.map((machine) => machine.lost)]);
  lost.catch(() => {});
  return {
    nodes: nodes.map((node, index) => ({ ...node, podCidr: nodePodCidr(index + 1) })),
    outside,
    podNetwork: shape.podNetwork,
    folder,
    manyUsers,
    lost,
    switches: lans.pid,
  };
}

function start(name: string, host: number, folder: string): Promise<Machine> {
  return startMachine({
    name,
    lan: `${LAN}.${host}`,
    multicast: `${MULTICAST}.${host}`,
    labFolder: folder,
    placesFolder: join(folder, PLACES),
    shows: ownPrograms(),
  });
}

/** kmcast's folder and node: kmcast can be run on every machine by the path that it has here, also where that is below /tmp. */
function ownPrograms(): string[] {
  const program = realpathSync(process.argv[1] ?? process.execPath);
  return [dirname(dirname(program)), process.execPath];
}

/**
 * The network namespace of the two bridges: what is a switch, and the way out, to the machines. Also a UTS namespace: an ordinary
 * user may not enter the machine's own.
 */
async function startLans(): Promise<{ readonly pid: number; readonly lost: Promise<never> }> {
  const child = spawn('unshare', ['--net', '--uts', '--', 'sh', '-c', 'echo "pid $$"; exec sleep infinity'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { said, lost } = follow(child, "the lab's LANs");
  return { pid: Number((await said(/^pid (\d+)$/m))[1]), lost };
}

async function configure(pid: number, batch: string): Promise<void> {
  await run(['nsenter', '-t', String(pid), '-n', '--', 'sh', '-c', NETWORK_SCRIPT], batch);
}
