/** Sends once more on a path that fails, and looks at every hop meanwhile. */
import type { Cluster } from '../cluster/cluster.ts';
import { type CollectWishes, collect } from '../facts/collect.ts';
import { collectLocal } from '../facts/collect-local.ts';
import type { Access } from '../facts/observe/access.ts';
import { AgentJob } from './agent-job.ts';
import { conclude, type Looked } from './conclude.ts';
import type { Stands } from './conduct.ts';
import type { Died } from './died.ts';
import { type End, endKey } from './ends.ts';
import { flowsOf, groupFlow, type ProbePlan, socketsOf } from './plan.ts';

export interface TraceTools {
  /** Absent without a cluster: then only this machine is looked at. */
  readonly cluster?: Cluster;
  readonly access?: Access;
  readonly version: string;
  /** Told before anything is created or joined. */
  readonly announce: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface FollowTools extends TraceTools {
  readonly stands: Stands;
}

/** Milliseconds of the look at every hop, and of the sending, which goes on until all have looked. */
const LOOK = 2000;
const SENDING = 60_000;
/** Datagrams a second: enough to tell a loss of a tenth within the look. */
const RATE = 50;
/** Milliseconds between the counts that are told meanwhile. */
const EVERY = 250;

/** Undefined where one of the ends could not be entered, or nothing was sent. */
export async function follow(plan: ProbePlan, from: End, to: End, tools: FollowTools): Promise<Died | undefined> {
  const [sender, receiver] = [tools.stands.get(endKey(from)), tools.stands.get(endKey(to))];
  if (sender === undefined || receiver === undefined || 'refused' in sender || 'refused' in receiver) return undefined;
  const single: ProbePlan = { ...plan, senders: [from], receivers: [to] };
  const deadline = (2 * SENDING) / 1000;
  const sockets = socketsOf(single).filter(({ id }) => id === 'group');
  const receive = { run: plan.run, sockets, duration: 2 * SENDING, every: EVERY };
  const listening = new AgentJob(receiver, { receive, deadline }, tools.signal);
  try {
    await listening.until((job) => job.of('receiving').length > 0);
    const flows = flowsOf(single, 0)
      .filter(({ id }) => id === groupFlow(0))
      .map(({ count: _, ...flow }) => ({ ...flow, rate: rateOf(plan) }));
    // The port is needed to tell its datagrams: it is said meanwhile.
    const send = { run: plan.run, flows, duration: SENDING, every: EVERY };
    const sending = new AgentJob(sender, { send, deadline }, tools.signal);
    const looked = await look(from, to, plan, sending, listening, tools);
    sending.halt();
    await sending.ended;
    listening.halt();
    await listening.ended;
    return looked && conclude(single, looked);
  } finally {
    listening.halt();
  }
}

async function look(
  from: End,
  to: End,
  plan: ProbePlan,
  sending: AgentJob,
  listening: AgentJob,
  tools: FollowTools,
): Promise<Looked | undefined> {
  await sending.until((job) => job.of('sent').length > 0);
  const flow = sending.of('sent')[0]?.flows[0];
  if (flow?.port === undefined) return undefined;
  const { cluster, access, announce, signal, version } = tools;
  const wishes = {
    namespace: cluster?.namespace ?? '',
    groups: [plan.group],
    ...(flow.source === undefined ? {} : { source: flow.source }),
    duration: LOOK,
    whole: true,
    version,
    now: new Date(),
  };
  const ends = from === to ? [from] : [from, to];
  const there = ends.filter(({ name }) => name !== 'local');
  const looks = [
    ...(there.length < ends.length
      ? [collectLocal({ ...wishes, targets: [{ kind: 'local' }], written: ['local'] }, signal)]
      : []),
    ...(there.length > 0 && cluster !== undefined && access !== undefined
      ? [collect(cluster, { ...wishes, ...targetsOf(there) }, { access: () => access, announce, signal })]
      : []),
  ];
  // Where the group was seen nowhere, a join of kmcast's on the node follows, which may bring it back: no earlier than this.
  const counting = countedAfter(LOOK, sending, listening);
  const snapshots = await Promise.all(looks);
  const [joined] = listening.of('receiving');
  return { snapshots, sourcePort: flow.port, joined, ...(await counting), rate: rateOf(plan), duration: LOOK };
}

async function countedAfter(
  milliseconds: number,
  sending: AgentJob,
  listening: AgentJob,
): Promise<Pick<Looked, 'counted' | 'tried'>> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return { counted: listening.of('counts').at(-1), tried: sending.of('sent').at(-1)?.flows[0]?.tried ?? 0 };
}

export function targetsOf(ends: readonly End[]): Pick<CollectWishes, 'targets' | 'written'> {
  return {
    targets: ends.map(({ name }) => {
      const [kind, rest] = name.split('/');
      return kind === 'node' ? { kind, name: rest ?? '' } : { kind: 'pod', name: rest ?? '' };
    }),
    written: ends.map(({ name }) => name),
  };
}

function rateOf({ rate }: ProbePlan): number {
  return Math.max(RATE, Math.min(rate, 10 * RATE));
}
