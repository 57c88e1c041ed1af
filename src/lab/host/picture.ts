/** A lab on the terminal: its machines, their LANs and addresses, and what to type next. Pure. */

import { LAN, MULTICAST, MULTICAST6 } from './addresses.ts';
import type { LabShape } from './shape.ts';
import type { LabReady, PlaceState } from './state.ts';

const POD_NETWORK = {
  none: 'pod network 10.44.0.0/16: routes, no multicast',
  flat: 'pod network 10.44.0.0/16: flat, one segment',
  overlay: 'pod network 10.44.0.0/16: overlay (vxlan), as Flannel',
} as const;

/** Between the LANs' lines. */
const GAP = 3;

/** Both LANs as vertical lines, each machine a row between them. */
export function labPicture(ready: LabReady, shape: LabShape): string {
  const nodes = ready.places.filter(({ podCidr }) => podCidr !== undefined);
  const outside = ready.places.filter(({ podCidr }) => podCidr === undefined);
  const rows = [...nodes, ...outside].map(row);
  const left = `LAN ${LAN}.0/24`;
  const right = `multicast LAN ${MULTICAST}.0/24, ${MULTICAST6}/64`;
  const width = Math.max(...rows.map((text) => text.length));
  const pad = ' '.repeat(GAP);
  return [
    `${pad}${left}${' '.repeat(Math.max(2, width + 6 - left.length))}${right}`,
    ...rows.map((text) => `${pad}├──${text.padEnd(width, '─')}──┤`),
    `${pad}${POD_NETWORK[shape.podNetwork]}`,
  ].join('\n');
}

function row({ name, lan, multicast, podCidr }: PlaceState): string {
  return ` eth0 .${last(lan)}  ${name.padEnd(8)} ${podCidr ?? 'not in the cluster'}  eth1 .${last(multicast)} `;
}

function last(address: string): string {
  return address.split('.').pop() ?? '';
}
