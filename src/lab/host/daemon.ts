/** The lab's daemon: makes the machines, then everything that makes a cluster of them, and lives until one of them ends. */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { GO, onLines, sendMessage } from './channel.ts';
import { startCluster } from './cluster.ts';
import { LabError } from './lab-error.ts';
import { hasManyUsers } from './many-users.ts';
import { startPlaces } from './places.ts';
import type { LabShape } from './shape.ts';
import type { LabReady } from './state.ts';

/** Descriptor of the socket to `lab up`. */
const CHANNEL = 3;

/**
 * Never returns. The process ends when `lab up` goes away before it said GO, and when a machine ends; with it ends the
 * lab's first process, and with that everything in the lab.
 */
export async function serve(folder: string, shape: LabShape): Promise<never> {
  const channel = new Socket({ fd: CHANNEL });
  liveUntilGo(channel);
  try {
    const ready = await start(folder, shape, (text) => sendMessage(channel, { type: 'step', text }));
    sendMessage(channel, { type: 'ready', ready });
  } catch (error) {
    const hint = error instanceof LabError ? error.hint : undefined;
    const message = error instanceof Error ? error.message : String(error);
    writeSync(2, `${error instanceof Error ? error.stack : message}\n`);
    sendMessage(channel, { type: 'failed', message, ...(hint === undefined ? {} : { hint }) });
    // `lab up` hangs up when it has read that.
  }
  return new Promise<never>(() => {});
}

function liveUntilGo(channel: Socket): void {
  let isFree = false;
  onLines(channel, (line) => {
    isFree ||= line === GO;
  });
  channel.on('error', () => {});
  channel.on('close', () => {
    if (!isFree) process.exit(1);
  });
}

async function start(folder: string, shape: LabShape, step: (text: string) => void): Promise<LabReady> {
  step(`${shape.nodes} nodes and their networks`);
  const places = await startPlaces(folder, shape, hasManyUsers());
  places.lost.catch((error: Error) => {
    writeSync(2, `${error.message}\n`);
    process.exit(1);
  });
  const { server, kubeconfig } = await startCluster(places, shape, step);
  const known = ({ name, pid, lan, multicast }: (typeof places)['outside']) => ({ name, pid, lan, multicast });
  return {
    server,
    kubeconfig,
    places: [known(places.outside), ...places.nodes.map((node) => ({ ...known(node), podCidr: node.podCidr }))],
    switches: places.switches,
  };
}
