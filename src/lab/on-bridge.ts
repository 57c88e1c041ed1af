/** Scenes in which the receiver hangs on a bridge of its node, with the NIC of the multicast LAN as a port, in place of a macvlan. */
import { type Action, type Fault, withConfig } from './fault.ts';
import type { Scene } from './scene.ts';

const BRIDGE = 'cameras0';

export function onBridge(scene: Scene): Scene {
  return withConfig(scene, ({ master: _, mode: __, ...config }) => ({ ...config, type: 'bridge', bridge: BRIDGE }));
}

/** Makes the NIC a port, as whoever built the bridge would have, then runs a shell command in which $POD is the pod's port. */
export function pluggedIn(command: string): Action {
  const plug = `ip address flush dev eth1; ip link set eth1 master ${BRIDGE}`;
  const port = `POD=$(ip -o link show master ${BRIDGE} type veth | sed -n 's/^[0-9]*: \\(veth[^@]*\\)@.*/\\1/p')`;
  return { on: 'node1', argv: ['sh', '-ec', `${plug}; ${port}; ${command}`] };
}

export const UNPLUGGED: NonNullable<Fault['undo']> = [
  ['ip', 'link', 'set', 'eth1', 'nomaster'],
  ['ip', 'address', 'replace', '192.168.50.11/24', 'dev', 'eth1'],
  ['ip', 'address', 'replace', 'fd50::11/64', 'dev', 'eth1', 'nodad'],
  ['ip', 'link', 'delete', BRIDGE],
].map((argv) => ({ on: 'node1', argv }));
