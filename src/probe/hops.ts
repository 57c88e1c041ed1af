/** Where on its way a sender's datagrams were seen: from what was looked at in namespaces and on nodes. */

import type { Stage } from '../doctor/rule.ts';
import type { Snapshot, TargetFacts } from '../facts/snapshot.ts';
import { type Fact, isKnown, valueIn } from '../model/fact.ts';
import { isUplink } from '../model/links.ts';
import type { Flow } from '../model/wire.ts';
import type { End } from './ends.ts';

/** One place on the way, in the order of the way. */
export interface Hop {
  readonly at: string;
  /** Datagrams seen there during the look; null where nobody could look. */
  readonly seen: number | null;
  readonly reason?: string;
}

/** A hop, and which of doctor's rules speak of what may happen before it. */
export interface StagedHop extends Hop {
  readonly stages: readonly Stage[];
}

/** Tells this sender's datagrams. */
export interface Marked {
  readonly group: string;
  readonly port: number;
  /** The sender's own port; on the way its address may be translated. */
  readonly sourcePort: number;
}

interface Place {
  readonly flows: Fact<readonly Flow[]>;
  readonly uplinks: ReadonlySet<string>;
}

/** The hops from the sender's interface to the receiver's; the socket itself is counted apart. */
export function hopsOf(from: End, to: End, snapshots: readonly Snapshot[], marked: Marked): StagedHop[] {
  const isOurs = (flow: Flow): boolean =>
    flow.destination === marked.group &&
    flow.destinationPort === marked.port &&
    flow.sourcePort === marked.sourcePort &&
    flow.protocol === UDP;
  const hop = (at: string, place: Place, stages: readonly Stage[], test: (flow: Flow) => boolean): StagedHop => {
    if (!isKnown(place.flows)) return { at, seen: null, reason: place.flows.unknown, stages };
    const flows = place.flows.value.filter((flow) => isOurs(flow) && test(flow));
    const names = [...new Set(flows.map((flow) => flow.interface))];
    return { at: names.length === 0 ? at : `${at} (${names.join(', ')})`, seen: most(flows), stages };
  };
  const isPod = (end: End) => end.pod !== undefined && end.pod.spec.hostNetwork !== true;
  const crosses = from.node === undefined || to.node === undefined || from.node !== to.node;
  const [out, arrived] = [nodeOf(from, snapshots), nodeOf(to, snapshots)];
  return [
    hop(`${from.name} sends`, namespaceOf(from, snapshots), ['group', 'sender'], (f) => f.direction === 'out'),
    ...(isPod(from) && out !== undefined
      ? [
          hop(
            `${from.node}, from the pod`,
            out,
            ['sender', 'attachment', 'network'],
            (f) => f.direction === 'in' && !out.uplinks.has(f.interface),
          ),
        ]
      : []),
    ...(crosses && out !== undefined
      ? [
          hop(
            `${from.node}, out by a NIC`,
            out,
            ['network', 'node', 'filter'],
            (f) => f.direction === 'out' && out.uplinks.has(f.interface),
          ),
        ]
      : []),
    ...(crosses && arrived !== undefined
      ? [
          hop(
            `${to.node}, in by a NIC`,
            arrived,
            ['network', 'node'],
            (f) => f.direction === 'in' && arrived.uplinks.has(f.interface),
          ),
        ]
      : []),
    ...(isPod(to) && arrived !== undefined
      ? [
          hop(
            `${to.node}, to the pod`,
            arrived,
            ['network', 'node', 'attachment', 'filter'],
            (f) => f.direction === 'out' && !arrived.uplinks.has(f.interface),
          ),
        ]
      : []),
    hop(`${to.name} gets`, namespaceOf(to, snapshots), ['network', 'node', 'attachment'], (f) => f.direction === 'in'),
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

function namespaceOf(end: End, snapshots: readonly Snapshot[]): Place {
  const targets = snapshots.flatMap((snapshot) => snapshot.targets);
  const target = targets.find(
    ({ name, namespace }) => name === end.name && (end.namespace === undefined || namespace === end.namespace),
  );
  return placeOf(target?.observation ?? { unknown: 'nothing was read there' });
}

/** The node's own namespace, where the end has one besides its own. */
function nodeOf(end: End, snapshots: readonly Snapshot[]): Place | undefined {
  if (end.pod === undefined || end.node === undefined) return undefined;
  const node = snapshots.flatMap((snapshot) => snapshot.nodes).find(({ name }) => name === end.node);
  return placeOf(node?.observation ?? { unknown: `node ${end.node} was not looked at` });
}

function placeOf(observation: TargetFacts['observation']): Place {
  if (!isKnown(observation)) return { flows: observation, uplinks: new Set() };
  const { netns, look } = observation.value;
  const links = valueIn(netns.links) ?? [];
  const addresses = valueIn(netns.addresses) ?? [];
  return {
    flows: isKnown(look) ? { value: look.value.flows } : look,
    uplinks: new Set(links.filter((link) => isUplink(link, links, addresses)).map(({ name }) => name)),
  };
}
