/** Sends once more on a path that fails, and looks at every hop meanwhile. */
import type { Cluster } from '../cluster/cluster.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { rules } from '../doctor/rules/index.ts';
import { type CollectWishes, collect } from '../facts/collect.ts';
import { collectLocal } from '../facts/collect-local.ts';
import type { Access } from '../facts/observe/access.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { AgentJob } from './agent-job.ts';
import type { Stands } from './conduct.ts';
import { type Died, diedAt } from './died.ts';
import { type End, endKey } from './ends.ts';
import { hopsOf } from './hops.ts';
import { flowsOf, groupFlow, type ProbePlan, socketsOf } from './plan.ts';

export interface FollowTools {
  /** Absent without a cluster: then only this machine is looked at. */
  readonly cluster?: Cluster;
  readonly access?: Access;
  readonly stands: Stands;
  readonly version: string;
  readonly signal: AbortSignal;
}

/** Milliseconds of the look at every hop, and of the sending, which goes on until all have looked. */
const LOOK = 2000;
const SENDING = 60_000;
/** Datagrams a second: enough to tell a loss of a tenth within the look. */
const RATE = 50;

/** Undefined where one of the ends could not be entered, or nothing was sent. */
export async function follow(plan: ProbePlan, from: End, to: End, tools: FollowTools): Promise<Died | undefined> {
  const [sender, receiver] = [tools.stands.get(endKey(from)), tools.stands.get(endKey(to))];
  if (sender === undefined || receiver === undefined || 'refused' in sender || 'refused' in receiver) return undefined;
  const single: ProbePlan = { ...plan, senders: [from], receivers: [to] };
  const deadline = (2 * SENDING) / 1000;
  const sockets = socketsOf(single).filter(({ id }) => id === 'group');
  const receive = { run: plan.run, sockets, duration: 2 * SENDING, every: 0 };
  const listening = new AgentJob(receiver, { receive, deadline }, tools.signal);
  try {
    await listening.until((job) => job.of('receiving').length > 0);
    const flows = flowsOf(single, 0)
      .filter(({ id }) => id === groupFlow(0))
      .map(({ count: _, ...flow }) => ({ ...flow, rate: rateOf(plan) }));
    // The port is needed to tell its datagrams: it is said meanwhile.
    const send = { run: plan.run, flows, duration: SENDING, every: 250 };
    const sending = new AgentJob(sender, { send, deadline }, tools.signal);
    const sent = await look(from, to, plan, sending, tools);
    sending.halt();
    await sending.ended;
    listening.halt();
    await listening.ended;
    return sent && conclude(single, sent, listening, sending);
  } finally {
    listening.halt();
  }
}

interface Looked {
  readonly snapshots: readonly Snapshot[];
  readonly sourcePort: number;
}

async function look(
  from: End,
  to: End,
  plan: ProbePlan,
  sending: AgentJob,
  tools: FollowTools,
): Promise<Looked | undefined> {
  await sending.until((job) => job.of('sent').length > 0);
  const flow = sending.of('sent')[0]?.flows[0];
  if (flow?.port === undefined) return undefined;
  const { cluster, access, signal, version } = tools;
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
      ? [
          collect(
            cluster,
            { ...wishes, ...targetsOf(there) },
            { access: () => access, announce: () => undefined, signal },
          ),
        ]
      : []),
  ];
  return { snapshots: await Promise.all(looks), sourcePort: flow.port };
}

function targetsOf(ends: readonly End[]): Pick<CollectWishes, 'targets' | 'written'> {
  return {
    targets: ends.map(({ name }) => {
      const [kind, rest] = name.split('/');
      return kind === 'node' ? { kind, name: rest ?? '' } : { kind: 'pod', name: rest ?? '' };
    }),
    written: ends.map(({ name }) => name),
  };
}

function conclude(plan: ProbePlan, looked: Looked, listening: AgentJob, sending: AgentJob): Died {
  const [from, to] = [plan.senders[0]!, plan.receivers[0]!];
  const { address, port = 0 } = plan.group;
  const hops = hopsOf(from, to, looked.snapshots, { group: address, port, sourcePort: looked.sourcePort });
  const diagnoses = looked.snapshots.flatMap((snapshot) => diagnose(snapshot, rules));
  const socket = {
    at: `the socket in ${to.name}`,
    seen: atSocket(plan, listening, sending, hops.at(-1)?.seen ?? null),
    stages: SOCKET,
  };
  return diedAt([...hops, socket], diagnoses);
}

const SOCKET = ['membership', 'filter', 'socket'] as const;

/** The socket counted for longer than the look lasted: its share of what was sent, of what arrived during the look. */
function atSocket(plan: ProbePlan, listening: AgentJob, sending: AgentJob, arrived: number | null): number {
  const heard = listening.of('counts').at(-1)?.sockets[0]?.senders ?? [];
  const unique = heard.find(({ run, sender }) => run === plan.run && sender === groupFlow(0))?.unique ?? 0;
  const tried = sending.of('sent').at(-1)?.flows[0]?.tried ?? 0;
  if (arrived === null || tried === 0) return unique;
  return Math.round((unique / tried) * (LOOK / 1000) * rateOf(plan));
}

function rateOf({ rate }: ProbePlan): number {
  return Math.max(RATE, Math.min(rate, 10 * RATE));
}
