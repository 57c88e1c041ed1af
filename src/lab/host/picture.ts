/** A lab on the terminal: its machines, their LANs and addresses, and what is alive in it. Pure. */
import { ATTACHMENT, NAMESPACE, RECEIVER, STREAM } from '../scene.ts';
import { LAN, MULTICAST, MULTICAST6 } from './addresses.ts';
import type { LabShape } from './shape.ts';
import type { LabReady, PlaceState } from './state.ts';

const POD_NETWORK = {
  none: 'routes between the nodes, no multicast',
  flat: 'one flat segment, multicast as on a LAN',
  overlay: 'an overlay (vxlan, as Flannel), no multicast between nodes',
} as const;

/** Both LANs as vertical lines, each machine a row between them. */
export function labPicture(ready: LabReady, shape: LabShape): string {
  const { group, port, rate, ttl } = STREAM;
  const isNode = ({ podCidr }: PlaceState): boolean => podCidr !== undefined;
  const places = [...ready.places.filter(isNode), ...ready.places.filter((place) => !isNode(place))];
  const middles = places.map(({ name, podCidr }) => ` ${name}${podCidr === undefined ? '' : ` (pods ${podCidr})`} `);
  const width = Math.max(...middles.map((text) => text.length));
  const rows = places.map(({ lan, multicast, podCidr }, index) => {
    const row = `├─ eth0 ${last(lan)} ─${middles[index]?.padEnd(width, '─')}─ eth1 ${last(multicast)} ─┤`;
    const sends = podCidr === undefined && shape.scene;
    return sends ? `${row} sends ${group}:${port} (${rate}/s, TTL ${ttl})` : row;
  });
  const left = `LAN ${LAN}.0/24`;
  const between = rows[0]!.length - 1;
  const scene = `${NAMESPACE}/${RECEIVER}  receives it, by the attachment ${ATTACHMENT} (macvlan on eth1)`;
  return [
    `${left.padEnd(between - 'multicast LAN'.length)}multicast LAN ${MULTICAST}.0/24, ${MULTICAST6}/64`,
    `│${' '.repeat(between - 1)}│`,
    ...rows,
    '',
    `pods      ${POD_NETWORK[shape.podNetwork]}`,
    ...(shape.scene ? [scene] : []),
  ]
    .map((line) => (line === '' ? '' : `   ${line}`))
    .join('\n');
}

function last(address: string): string {
  return `.${address.split('.').pop() ?? ''}`;
}
