/** Where on its way a sender's datagrams were seen: from what was looked at in namespaces and on nodes. */

import type { Snapshot, TargetFacts } from '../facts/snapshot.ts';
import { type Fact, isKnown, valueIn } from '../model/fact.ts';
import { isUplink } from '../model/links.ts';
import type { Link } from '../model/netns.ts';
import type { Flow } from '../model/wire.ts';
import type { End } from './ends.ts';
import type { Place } from './place.ts';

/** One hop, in the order of the way. */
export interface Hop {
  readonly at: string;
  /** Where datagrams died that this hop is the first not to see. */
  readonly place: Place;
  /** Datagrams seen there during the look; null where nobody could look. */
  readonly seen: number | null;
  /** Interfaces that saw them. */
  readonly interfaces?: readonly string[];
  readonly reason?: string;
}

/** Tells this sender's datagrams. */
export interface Marked {
  readonly group: string;
  readonly port: number;
  /** The sender's own port; on the way its address may be translated. */
  readonly sourcePort: number;
}

interface View {
  readonly flows: Fact<readonly Flow[]>;
  /** By which datagrams leave and enter a node: NICs, and tunnels, which show what NICs carry only within other packets. */
  readonly uplinks: ReadonlySet<string>;
}

/** The hops from the sender's interface to the receiver's; the socket itself is counted apart. */
export function hopsOf(from: End, to: End, snapshots: readonly Snapshot[], marked: Marked): Hop[] {
  const isOurs = (flow: Flow): boolean =>
    flow.destination === marked.group &&
    flow.destinationPort === marked.port &&
    flow.sourcePort === marked.sourcePort &&
    flow.protocol === UDP;
  const hop = (at: string, view: View, place: Place, test: (flow: Flow) => boolean): Hop => {
    if (!isKnown(view.flows)) return { at, place, seen: null, reason: view.flows.unknown };
    const flows = view.flows.value.filter((flow) => isOurs(flow) && test(flow));
    const names = [...new Set(flows.map((flow) => flow.interface))];
    return names.length === 0
      ? { at, place, seen: 0 }
      : { at: `${at} (${names.join(', ')})`, place, seen: most(flows), interfaces: names };
  };
  const isPod = (end: End) => end.pod !== undefined && end.pod.spec.hostNetwork !== true;
  const crosses = from.node === undefined || to.node === undefined || from.node !== to.node;
  // Within a node, and to a host's own network, it is the network that brings them to the receiver's interface.
  const last = crosses && isPod(to) ? 'attachment' : 'network';
  const [out, arrived] = [nodeOf(from, snapshots), nodeOf(to, snapshots)];
  return [
    hop(`${from.name} sends`, namespaceOf(from, snapshots), 'sender', (f) => f.direction === 'out'),
    ...(isPod(from) && out !== undefined
      ? [
          hop(
            `${from.node}, from the pod`,
            out,
            'network',
            (f) => f.direction === 'in' && !out.uplinks.has(f.interface),
          ),
        ]
      : []),
    ...(crosses && out !== undefined
      ? [
          hop(
            `${from.node}, out by a NIC`,
            out,
            'network',
            (f) => f.direction === 'out' && out.uplinks.has(f.interface),
          ),
        ]
      : []),
    ...(crosses && arrived !== undefined
      ? [
          hop(
            `${to.node}, in by a NIC`,
            arrived,
            'network',
            (f) => f.direction === 'in' && arrived.uplinks.has(f.interface),
          ),
        ]
      : []),
    ...(isPod(to) && arrived !== undefined
      ? [
          hop(
            `${to.node}, to the pod`,
            arrived,
            last,
            (f) => f.direction === 'out' && !arrived.uplinks.has(f.interface),
          ),
        ]
      : []),
    hop(`${to.name} gets`, namespaceOf(to, snapshots), last, (f) => f.direction === 'in'),
  ];
}

const UDP = 17;

/** A datagram is seen on several interfaces of a node: the one that saw most tells how many there were. */
function most(flows: readonly Flow[]): number {
  const sums = new Map<string, number>();
  for (const { interface: name, direction, packets } of flows) {
    const key = `${name} ${direction}`;
    sums.set(key, (sums.get(key) ?? 0) + packets);
  }
  return Math.max(0, ...sums.values());
}

function namespaceOf(end: End, snapshots: readonly Snapshot[]): View {
  const targets = snapshots.flatMap((snapshot) => snapshot.targets);
  const target = targets.find(
    ({ name, namespace }) => name === end.name && (end.namespace === undefined || namespace === end.namespace),
  );
  return viewOf(target?.observation ?? { unknown: 'nothing was read there' });
}

/** The node's own namespace, where the end has one besides its own. */
function nodeOf(end: End, snapshots: readonly Snapshot[]): View | undefined {
  if (end.pod === undefined || end.node === undefined) return undefined;
  const node = snapshots.flatMap((snapshot) => snapshot.nodes).find(({ name }) => name === end.node);
  return viewOf(node?.observation ?? { unknown: `node ${end.node} was not looked at` });
}

function viewOf(observation: TargetFacts['observation']): View {
  if (!isKnown(observation)) return { flows: observation, uplinks: new Set() };
  const { netns, look } = observation.value;
  const links = valueIn(netns.links) ?? [];
  const addresses = valueIn(netns.addresses) ?? [];
  return {
    flows: isKnown(look) ? { value: look.value.flows } : look,
    uplinks: new Set(
      links.filter((link) => isTunnel(link) || isUplink(link, links, addresses)).map(({ name }) => name),
    ),
  };
}

function isTunnel({ kind }: Link): boolean {
  return ['vxlan', 'geneve', 'gre', 'gretap', 'ip6gre', 'ip6tnl', 'ipip', 'sit', 'wireguard'].includes(kind ?? '');
}
