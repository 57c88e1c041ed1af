/** Collects the snapshot: everything that a diagnosis needs, from the API and from the nodes and pods, in parallel. */
import type { Cluster } from '../cluster/cluster.ts';
import { type Fact, isKnown, known, unknown } from '../model/fact.ts';
import { formatGroup, type Group } from '../model/group.ts';
import type { TargetName } from '../model/target.ts';
import { clusterFacts } from './api/cluster-facts.ts';
import { nodeObjects } from './api/nodes.ts';
import { podFacts } from './api/pod.ts';
import { type FoundTargets, findTargets } from './api/targets.ts';
import type { Access } from './observe/access.ts';
import type { LookWishes } from './observe/jobs.ts';
import { type NodeSeen, observeNode } from './observe/node.ts';
import type { Observation, PodFacts, Question, Snapshot, TargetFacts } from './snapshot.ts';
import { SCHEMA_VERSION } from './snapshot.ts';

export interface CollectWishes {
  readonly targets: readonly TargetName[];
  /** As the operator wrote them. */
  readonly written: readonly string[];
  readonly namespace: string;
  readonly selector?: string;
  readonly groups: readonly Group[];
  readonly source?: string;
  /** Milliseconds to look without a join. */
  readonly duration: number;
  readonly whole: boolean;
  readonly version: string;
  readonly now: Date;
}

export interface CollectTools {
  /** Made once the targets are known: the ladder plans for them. */
  readonly access: (found: FoundTargets) => Access;
  /** Told before anything is created or joined. */
  readonly announce: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** Throws ClusterError when the targets cannot be found; anything less is a missing fact. */
export async function collect(cluster: Cluster, wishes: CollectWishes, tools: CollectTools): Promise<Snapshot> {
  const nodes = nodeObjects(cluster);
  const finding = findTargets(cluster, wishes.namespace, wishes.targets, wishes.selector);
  // What does not depend on the targets is asked for meanwhile; a target that is not found ends all the same.
  const pods = finding.then((found) => Promise.all(found.pods.map(({ pod }) => podFacts(cluster, pod))));
  const around = clusterFacts(cluster, wishes.namespace, nodes, pods);
  around.catch(() => undefined);
  const found = await finding;
  const access = tools.access(found);
  const seen = await Promise.all(
    placesOf(found).map((place) =>
      observeNode({ ...place, look: lookWishes(wishes), access, announce: tools.announce, signal: tools.signal }),
    ),
  );
  const facts = await pods;
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: 'Snapshot',
    kmcastVersion: wishes.version,
    time: wishes.now.toISOString(),
    question: questionOf(wishes),
    cluster: await around,
    targets: [...facts.map((pod) => podTarget(pod, seen)), ...found.nodes.map((name) => nodeTarget(name, seen))],
    nodes: seen.map((s) => s.node),
    vantages: seen.flatMap((s) => s.vantages),
  };
}

/** What to watch for, and how long. */
export function lookWishes(wishes: CollectWishes): LookWishes {
  return { groups: wishes.groups.map((g) => g.address), duration: wishes.duration, whole: wishes.whole };
}

/** The question, as the snapshot keeps it. */
export function questionOf(wishes: CollectWishes): Question {
  return {
    targets: [...wishes.written, ...(wishes.selector === undefined ? [] : [`-l ${wishes.selector}`])],
    namespace: wishes.namespace,
    groups: wishes.groups.map(formatGroup),
    ...(wishes.source === undefined ? {} : { source: wishes.source }),
  };
}

/** The nodes to look at, each with its targets. */
function placesOf(found: FoundTargets): { node: string; pods: FoundTargets['pods']; nodeIsTarget: boolean }[] {
  const names = [...new Set([...found.pods.flatMap(({ pod }) => pod.spec.nodeName ?? []), ...found.nodes])];
  return names.map((node) => ({
    node,
    pods: found.pods.filter(({ pod }) => pod.spec.nodeName === node),
    nodeIsTarget: found.nodes.includes(node),
  }));
}

function podTarget(pod: PodFacts, seen: readonly NodeSeen[]): TargetFacts {
  const place = seen.find((s) => s.node.name === pod.node);
  const observation: Fact<Observation> = place?.pods.get(pod.uid) ?? unknown('the pod is on no node yet');
  return {
    name: `pod/${pod.name}`,
    kind: 'pod',
    namespace: pod.namespace,
    ...(pod.node === undefined ? {} : { node: pod.node }),
    pod: known(pod),
    observation,
  };
}

function nodeTarget(name: string, seen: readonly NodeSeen[]): TargetFacts {
  const observation = seen.find((s) => s.node.name === name)?.node.observation ?? unknown('nothing was read there');
  return {
    name: `node/${name}`,
    kind: 'node',
    node: name,
    pod: unknown('the target is a node'),
    observation: isKnown(observation) ? observation : unknown(observation.unknown),
  };
}
