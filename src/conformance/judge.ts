/** From measured cases to the KEP-31 draft's words: level, reach, and whether the network's boundary is crossed. */
import type { PodNetworkTraits } from '../model/pod-networks.ts';
import type { CaseId, Measured } from './case.ts';

export type Level = PodNetworkTraits['level'];
export type Reach = PodNetworkTraits['reach'] | 'l2-segment';
/** Which way datagrams get between the pod network and what is outside of it. */
export type Crossing = 'no' | 'out' | 'in' | 'both';

/** Null: not measured, and `unknown` says why. */
export interface Judgement {
  readonly level: Level | null;
  readonly reach: Reach | null;
  readonly crossing: Crossing | null;
  readonly unknown: readonly string[];
}

/** What the ends' addresses tell of subnets: whether the other namespace's pods share the first one's. Undefined where nothing tells. */
export type Subnets = 'shared' | 'apart' | undefined;

type Answer = boolean | undefined;

export function judge(cases: readonly Measured[], subnets: Subnets): Judgement {
  const ask = (id: CaseId): Answer => answerOf(cases.filter((one) => one.id === id));
  const level = levelOf(cases);
  const reach = level === 'none' ? 'none' : reachOf(ask, subnets, isOneSegment(cases));
  const crossing = crossingOf(ask);
  const unknown = [
    ...(level === null ? [`the level: ${whyNot(cases, LEVEL_NEEDS)}`] : []),
    ...(reach === null ? [`the reach: ${whyNot(cases, REACH_NEEDS)}`] : []),
    ...(crossing === null ? [`the network's boundary: ${whyNot(cases, BOUNDARY_NEEDS)}`] : []),
  ];
  return { level, reach, crossing, unknown };
}

/** Of several of a kind one that arrives is enough to say that the network carries it. */
function answerOf(cases: readonly Measured[]): Answer {
  if (cases.some(({ observed }) => observed === 'arrives')) return true;
  return cases.some(({ observed }) => observed === 'nothing') ? false : undefined;
}

/**
 * Flooding shows where a pod that joined nothing gets the frames all the same. Its silence says something only on a node on which a
 * member did get the datagrams.
 */
function levelOf(cases: readonly Measured[]): Level | null {
  const nodes = PAIRS.map(([member, bystander]) => {
    const silent = cases.find(({ id }) => id === bystander);
    const there = cases.filter(({ id, to }) => id === member && to === silent?.to);
    return { member: answerOf(there), bystander: answerOf(silent === undefined ? [] : [silent]) };
  });
  if (nodes.some(({ bystander }) => bystander === true)) return 'broadcast';
  const members = PAIRS.map(([member]) => answerOf(cases.filter(({ id }) => id === member)));
  if (members.every((answer) => answer === false)) return 'none';
  const delivered = nodes.filter(({ member }) => member === true);
  return delivered.length > 0 && delivered.every(({ bystander }) => bystander === false) ? 'igmp-snooped' : null;
}

/** A member and a bystander on one node. */
const PAIRS = [
  ['same-node', 'non-member-same-node'],
  ['cross-node', 'non-member-cross-node'],
] as const;

function reachOf(ask: (id: CaseId) => Answer, subnets: Subnets, isSegment: boolean): Reach | null {
  const across = ask('cross-node');
  if (across === undefined) return null;
  if (!across) {
    const within = ask('same-node');
    return within === undefined ? null : within ? 'node' : 'none';
  }
  if (isSegment) return 'l2-segment';
  const others = ask('cross-namespace-cross-node') ?? ask('cross-namespace-same-node');
  if (others === undefined) return null;
  if (others) return subnets === 'shared' ? 'subnet' : 'cluster';
  return subnets === 'apart' ? 'subnet' : 'namespace';
}

/** Pods are on the LAN itself: datagrams come and go between pods, other nodes' interfaces or hosts outside, and no router was in between. */
function isOneSegment(cases: readonly Measured[]): boolean {
  const isDirect = (...ids: readonly CaseId[]): boolean =>
    cases.some(
      ({ id, observed, ttl, sentTtl }) =>
        ids.includes(id) && observed === 'arrives' && ttl.length > 0 && ttl.every((one) => one === sentTtl),
    );
  return (
    isDirect('cross-node') &&
    isDirect('to-outside', 'to-host-cross-node') &&
    isDirect('from-outside', 'from-host-cross-node')
  );
}

/** A host outside tells; else the nodes' own interfaces, which are outside the pod network as well. */
function crossingOf(ask: (id: CaseId) => Answer): Crossing | null {
  const way = (ids: readonly CaseId[]): Answer => {
    const answers = ids.map(ask);
    return answers.includes(true) ? true : answers.includes(false) ? false : undefined;
  };
  const out = way(OUT);
  const inward = way(IN);
  if (out === undefined || inward === undefined) return null;
  return out ? (inward ? 'both' : 'out') : inward ? 'in' : 'no';
}

const OUT = ['to-outside', 'to-host-cross-node', 'to-host-same-node'] as const;
const IN = ['from-outside', 'from-host-cross-node', 'from-host-same-node'] as const;
const LEVEL_NEEDS: readonly CaseId[] = ['same-node', 'cross-node', 'non-member-same-node', 'non-member-cross-node'];
const REACH_NEEDS: readonly CaseId[] = [
  'same-node',
  'cross-node',
  'cross-namespace-cross-node',
  'cross-namespace-same-node',
];
const BOUNDARY_NEEDS: readonly CaseId[] = [...OUT, ...IN];

/** The reasons of the cases that would have told, each once. */
function whyNot(cases: readonly Measured[], needs: readonly CaseId[]): string {
  const reasons = cases
    .filter(({ id, observed }) => needs.includes(id) && observed === 'unknown')
    .map(({ reason }) => reason ?? 'not measured');
  return [...new Set(reasons)].join('; ') || 'not measured';
}
