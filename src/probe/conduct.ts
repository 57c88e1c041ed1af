/** Carries a probe out: all receivers join and say so, then the senders send, then everything is counted. */
import type { AgentMessage } from '../agent/protocol.ts';
import type { TrafficMessage } from '../agent/traffic.ts';
import { AgentJob, type ClockOffset } from './agent-job.ts';
import { BUFFER, flowsOf, type ProbePlan, sendingTime, socketsOf } from './plan.ts';
import type { NoStand, Stand } from './stand.ts';

type Said<T extends TrafficMessage['type']> = Extract<TrafficMessage, { type: T }>;

/** What came of one sender. */
export interface SenderSeen {
  readonly sent?: Said<'sent'>;
  readonly offset?: ClockOffset;
  /** Why something may be missing. */
  readonly problem?: string;
}

/** What came of one receiver. */
export interface ReceiverSeen {
  readonly opened: readonly Said<'receiving'>[];
  readonly counts?: Said<'counts'>;
  readonly offset?: ClockOffset;
  readonly problem?: string;
}

/** In the order of the plan. */
export interface Seen {
  readonly senders: readonly SenderSeen[];
  readonly receivers: readonly ReceiverSeen[];
}

/** Somebody sends to the group that was taken for free. */
export class GroupInUse extends Error {}

/** Milliseconds: of listening before anything is sent; for what is late after the last datagram. */
const QUIET = 300;
const LATE = 500;
/** Seconds that agents live beyond the sending, should kmcast be gone without their noticing. */
const ROOM = 60;

export interface Conduct {
  readonly plan: ProbePlan;
  /** In the order of the plan. */
  readonly senders: readonly (Stand | NoStand)[];
  readonly receivers: readonly (Stand | NoStand)[];
  /** Whether to listen first, and throw GroupInUse when anybody sends. */
  readonly listenFirst: boolean;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

export async function conduct(wishes: Conduct): Promise<Seen> {
  const { plan, progress, signal } = wishes;
  const time = sendingTime(plan);
  const deadline = Math.ceil(time / 1000) + ROOM;
  const every = wishes.listenFirst ? QUIET : 0;
  const receive = { run: plan.run, sockets: socketsOf(plan), duration: time + ROOM * 1000, every, buffer: BUFFER };
  progress('joining …');
  const receivers = wishes.receivers.map((stand) =>
    'refused' in stand ? stand : new AgentJob(stand, { receive }, deadline, signal),
  );
  const jobs = receivers.filter((job) => job instanceof AgentJob);
  try {
    await Promise.all(
      jobs.map((job) => job.until((messages) => of(messages, 'receiving').length >= receive.sockets.length)),
    );
    if (wishes.listenFirst) await listen(jobs);
    const offsets = await Promise.all(
      receivers.map((job) => (job instanceof AgentJob ? job.clockOffset() : undefined)),
    );
    progress(`sending ${plan.count} datagrams …`);
    const senders = await Promise.all(
      wishes.senders.map((stand, index) =>
        'refused' in stand ? refused(stand) : sendFrom(stand, index, plan, deadline, signal),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, LATE));
    for (const job of jobs) job.halt();
    return { senders, receivers: await Promise.all(receivers.map((job, index) => heardBy(job, offsets[index]))) };
  } finally {
    for (const job of jobs) job.halt();
  }
}

async function listen(jobs: readonly AgentJob[]): Promise<void> {
  await Promise.all(jobs.map((job) => job.until((messages) => of(messages, 'counts').length > 0)));
  const heard = jobs.flatMap((job) => of(job.messages, 'counts').flatMap(({ sockets }) => sockets));
  if (heard.some(({ id, senders }) => id === 'group' && senders.length > 0)) throw new GroupInUse();
}

async function sendFrom(
  stand: Stand,
  index: number,
  plan: ProbePlan,
  deadline: number,
  signal: AbortSignal,
): Promise<SenderSeen> {
  const duration = sendingTime(plan) + (ROOM / 2) * 1000;
  const send = { run: plan.run, flows: flowsOf(plan, index), duration, every: 0 };
  const job = new AgentJob(stand, { send }, deadline, signal);
  await job.until((messages) => messages.length > 0);
  const offset = await job.clockOffset();
  const problem = await job.ended;
  const sent = of(job.messages, 'sent').at(-1);
  return {
    ...(sent === undefined ? {} : { sent }),
    ...(offset === undefined ? {} : { offset }),
    ...(sent === undefined ? { problem: problem ?? 'the agent said nothing' } : {}),
  };
}

async function heardBy(job: AgentJob | NoStand, offset: ClockOffset | undefined): Promise<ReceiverSeen> {
  if (!(job instanceof AgentJob)) return { opened: [], problem: job.refused };
  const problem = await job.ended;
  const counts = of(job.messages, 'counts').findLast(({ last }) => last);
  return {
    opened: of(job.messages, 'receiving'),
    ...(counts === undefined ? { problem: problem ?? 'the agent said nothing' } : { counts }),
    ...(offset === undefined ? {} : { offset }),
  };
}

function refused({ refused }: NoStand): SenderSeen {
  return { problem: refused };
}

function of<T extends AgentMessage['type']>(
  messages: readonly AgentMessage[],
  type: T,
): Extract<AgentMessage, { type: T }>[] {
  return messages.filter((message): message is Extract<AgentMessage, { type: T }> => message.type === type);
}
