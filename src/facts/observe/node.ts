/** Observes one node and the targets on it: containers by exec and the rest by a node pod, at the same time. */
import { type Fact, isKnown, unknown, valueIn } from '../../model/fact.ts';
import { isHousekeeping, isMulticast } from '../../model/group.ts';
import { isUplink } from '../../model/links.ts';
import { containersOf, type PodObject } from '../api/pod.ts';
import type { NodeFacts, Observation, VantageRecord } from '../snapshot.ts';
import type { Access, Opened } from './access.ts';
import { cniFiles, vendorOf } from './cni-files.ts';
import { JOIN_LOOK, jobOf, joinPlace, type LookWishes, nodePlace, targetPlace } from './jobs.ts';
import { mergeObservations } from './merge.ts';
import { podEntry } from './pod-entry.ts';
import { probeAddresses } from './probe-addresses.ts';
import { type Heard, runJob } from './run.ts';
import { messagesOf, observationOf, withJoinLook } from './understand.ts';

export interface NodeWishes {
  readonly node: string;
  readonly pods: readonly { readonly pod: PodObject; readonly container?: string }[];
  /** The node itself was asked about. */
  readonly nodeIsTarget: boolean;
  readonly look: LookWishes;
  readonly access: Access;
  readonly announce: (text: string) => void;
  readonly signal: AbortSignal | undefined;
}

export interface NodeSeen {
  readonly node: NodeFacts;
  /** By the pod's UID. */
  readonly pods: ReadonlyMap<string, Fact<Observation>>;
  readonly vantages: readonly VantageRecord[];
}

export async function observeNode(wishes: NodeWishes): Promise<NodeSeen> {
  const { access, node, pods, signal } = wishes;
  const opening = access.nodePod(node);
  const byExec = await Promise.all(pods.map(({ pod, container }) => execInto(wishes, pod, container)));
  const opened = await opening;
  const heard = await runJob(
    opened,
    { kind: 'node-pod', description: `node pod on ${node}` },
    jobOf([
      nodePlace({ kind: 'node' }, wishes.look),
      ...pods.map(({ pod }) => targetPlace(uid(pod), podEntry(pod), wishes.look)),
    ]),
    signal,
  );
  const merged = new Map(
    pods.map(({ pod }, i) => [
      uid(pod),
      mergeObservations(observationOf(heard.messages, uid(pod), heard.problem), byExec[i]!.observation),
    ]),
  );
  const first = observationOf(heard.messages, 'node', heard.problem);
  const joined = await joinWhereUnseen(wishes, opened, first, merged);
  const observation = joined === undefined ? first : withJoinLook(first, joined.messages, 'node', joined.problem);
  const observed = await lastResort(wishes, merged);
  return {
    node: {
      name: node,
      observation,
      cni: isKnown(first) ? cniFiles(messagesOf(heard.messages, 'node')) : unknown(first.unknown),
      vendor: isKnown(first) ? vendorOf(messagesOf(heard.messages, 'node')) : unknown(first.unknown),
      takenAddresses: await probeAddresses(wishes, opened, observation),
    },
    pods: observed.pods,
    vantages: [...byExec.flatMap((e) => e.records), heard.record, ...observed.records],
  };
}

async function execInto(
  wishes: NodeWishes,
  pod: PodObject,
  container: string | undefined,
): Promise<{ observation: Fact<Observation>; records: VantageRecord[] }> {
  const opened = await wishes.access.exec(pod, container);
  const heard = await runJob(
    opened,
    { kind: 'exec', description: `exec into pod ${pod.metadata.name}` },
    jobOf([targetPlace('pod', { kind: 'here' }, wishes.look)]),
    wishes.signal,
  );
  return { observation: observationOf(heard.messages, 'pod', heard.problem), records: [heard.record] };
}

/** A pod that nothing else could look into gets an ephemeral container, which can never be removed: only then. */
async function lastResort(
  wishes: NodeWishes,
  seen: ReadonlyMap<string, Fact<Observation>>,
): Promise<{ pods: Map<string, Fact<Observation>>; records: VantageRecord[] }> {
  const pods = new Map(seen);
  const records: VantageRecord[] = [];
  for (const { pod } of wishes.pods) {
    const observation = pods.get(uid(pod));
    if (observation === undefined || isKnown(observation) || !hasRun(pod)) continue;
    const opened = await wishes.access.ephemeral(pod);
    const heard = await runJob(
      opened,
      { kind: 'ephemeral', description: `ephemeral container in pod ${pod.metadata.name}` },
      jobOf([targetPlace('pod', { kind: 'here' }, wishes.look)]),
      wishes.signal,
    );
    records.push(heard.record);
    const found = observationOf(heard.messages, 'pod', heard.problem);
    if (isKnown(found)) pods.set(uid(pod), found);
  }
  return { pods, records };
}

/**
 * A second look, with a join of kmcast's on the node's NICs, when the first saw a group nowhere: a switch that snoops sends nothing to a
 * port without members, and forgets members that nobody asks for.
 */
async function joinWhereUnseen(
  wishes: NodeWishes,
  opened: Opened,
  node: Fact<Observation>,
  targets: ReadonlyMap<string, Fact<Observation>>,
): Promise<Heard | undefined> {
  const observation = valueIn(node);
  if (observation === undefined || wishes.look.duration === 0) return undefined;
  const everyone = [...targets.values()].flatMap((fact) => valueIn(fact) ?? []);
  const groups = (
    wishes.look.groups.length > 0
      ? wishes.look.groups
      : memberGroups(wishes.nodeIsTarget ? [...everyone, observation] : everyone)
  ).filter((group) => isMulticast(group) && !seenAnywhere(group, [observation, ...everyone]));
  const interfaces = uplinks(observation);
  if (groups.length === 0 || interfaces.length === 0) return undefined;
  const seconds = JOIN_LOOK / 1000;
  wishes.announce(
    `no datagram to ${groups.slice(0, 3).join(', ')} seen on ${wishes.node}; joining there on ${interfaces.join(', ')} for at most ${seconds} s`,
  );
  return runJob(
    opened,
    { kind: 'node-pod', description: `node pod on ${wishes.node}` },
    jobOf([joinPlace({ kind: 'node' }, groups.slice(0, 16), interfaces, Math.max(JOIN_LOOK, wishes.look.duration))]),
    wishes.signal,
  );
}

function memberGroups(observations: readonly Observation[]): string[] {
  const all = observations.flatMap((o) =>
    (valueIn(o.netns.memberships) ?? []).filter((m) => m.interface !== 'lo').map((m) => m.group),
  );
  return [...new Set(all)].filter((group) => !isHousekeeping(group));
}

function seenAnywhere(group: string, observations: readonly Observation[]): boolean {
  return observations.some((o) =>
    (valueIn(o.look)?.flows ?? []).some((f) => f.destination === group && f.protocol !== 2 && f.protocol !== 58),
  );
}

/** NICs of the node that are up: where a LAN may be. */
export function uplinks(observation: Observation): string[] {
  const links = valueIn(observation.netns.links) ?? [];
  const addresses = valueIn(observation.netns.addresses) ?? [];
  return links.filter((l) => isUplink(l, links, addresses) && l.flags.includes('UP')).map((l) => l.name);
}

/** A pod whose network was never made has nothing to look into. */
function hasRun(pod: PodObject): boolean {
  return containersOf(pod).some((container) => container.state === 'running');
}

function uid(pod: PodObject): string {
  return pod.metadata.uid ?? pod.metadata.name;
}
