/** Carries a probe out with agents that have joined and wait: the senders send, then everything is counted. */
import type { TrafficMessage } from '../agent/traffic.ts';
import type { AgentJob, ClockOffset } from './agent-job.ts';
import { type End, endKey } from './ends.ts';
import { BUFFER, flowsOf, type ProbePlan, sendingTime, socketsOf } from './plan.ts';
import type { NoStand, Stand, takeStand } from './stand.ts';

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

/** By `endKey`. */
export type Stands = ReadonlyMap<string, Stand | NoStand>;

/** Somebody sends to the group that was taken for free. */
export class GroupInUse extends Error {}

/** Milliseconds: of listening before anything is sent; for what is late after the last datagram. */
const QUIET = 300;
const LATE = 500;
/** Seconds that agents live beyond the sending, should kmcast be gone without their noticing. */
const ROOM = 60;
/** Agents that are started at once: more only wait for each other, on the API server and on their nodes. */
const AT_ONCE = 16;
/** Seconds in which so many have started. */
const START = 10;

/** Starts an agent at every end, one for all that it does there. */
export async function takeStands(
  plan: ProbePlan,
  take: (end: End, work: Parameters<typeof takeStand>[1]) => ReturnType<typeof takeStand>,
  listenFirst: boolean,
): Promise<Stands> {
  const ends = new Map([...plan.senders, ...plan.receivers].map((end) => [endKey(end), end]));
  const patience = ROOM + START * Math.ceil(ends.size / AT_ONCE);
  const duration = sendingTime(plan) + patience * 1000;
  const deadline = Math.ceil(duration / 1000);
  const every = listenFirst ? QUIET : 0;
  const receive = { run: plan.run, sockets: socketsOf(plan), duration, every, buffer: BUFFER };
  const work = (key: string) => {
    const sender = plan.senders.findIndex((end) => endKey(end) === key);
    const isReceiver = plan.receivers.some((end) => endKey(end) === key);
    const send = { run: plan.run, flows: sender < 0 ? [] : flowsOf(plan, sender), duration, every: 0, wait: true };
    return { deadline, ...(isReceiver ? { receive } : {}), ...(sender < 0 ? {} : { send }) };
  };
  const stands = new Map<string, Stand | NoStand>();
  const left = [...ends];
  const starters = Array.from({ length: AT_ONCE }, async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [key, end] = next;
      stands.set(key, await take(end, work(key)));
    }
  });
  await Promise.all(starters);
  return stands;
}

/** Lets the agents send, and gathers what they say. `listenFirst`: throws GroupInUse when anybody sends before. */
export async function conduct(
  plan: ProbePlan,
  stands: Stands,
  listenFirst: boolean,
  progress: (text: string) => void,
): Promise<Seen> {
  const jobs = [...stands.values()].flatMap((stand) => ('job' in stand ? [stand.job] : []));
  const of = (ends: readonly End[]) => ends.map((end) => stands.get(endKey(end))!);
  const [senders, receivers] = [of(plan.senders), of(plan.receivers)];
  try {
    if (listenFirst) await listen(jobsOf(receivers));
    const offsets = new Map(await Promise.all(jobs.map(async (job) => [job, await job.clockOffset()] as const)));
    progress(`sending ${plan.count} datagrams …`);
    const sending = jobsOf(senders);
    for (const job of sending) job.go();
    await Promise.all(sending.map((job) => job.until(() => lastSent(job) !== undefined)));
    if (jobs.length > 0) await new Promise((resolve) => setTimeout(resolve, LATE));
    for (const job of jobs) job.halt();
    return {
      senders: await Promise.all(senders.map((stand) => sentBy(stand, offsets))),
      receivers: await Promise.all(receivers.map((stand) => heardBy(stand, offsets))),
    };
  } finally {
    for (const job of jobs) job.halt();
  }
}

function jobsOf(stands: readonly (Stand | NoStand)[]): AgentJob[] {
  return stands.flatMap((stand) => ('job' in stand ? [stand.job] : []));
}

async function listen(jobs: readonly AgentJob[]): Promise<void> {
  await Promise.all(jobs.map((job) => job.until(() => job.of('counts').length > 0)));
  const heard = jobs.flatMap((job) => job.of('counts').flatMap(({ sockets }) => sockets));
  if (heard.some(({ id, senders }) => id === 'group' && senders.length > 0)) throw new GroupInUse();
}

function lastSent(job: AgentJob): Said<'sent'> | undefined {
  return job.of('sent').findLast(({ last }) => last);
}

type Offsets = ReadonlyMap<AgentJob, ClockOffset | undefined>;

async function sentBy(stand: Stand | NoStand, offsets: Offsets): Promise<SenderSeen> {
  if (!('job' in stand)) return { problem: stand.refused };
  const problem = await stand.job.ended;
  const sent = lastSent(stand.job);
  return {
    ...offsetOf(stand.job, offsets),
    ...(sent === undefined ? { problem: problem ?? 'the agent said nothing' } : { sent }),
  };
}

async function heardBy(stand: Stand | NoStand, offsets: Offsets): Promise<ReceiverSeen> {
  if (!('job' in stand)) return { opened: [], problem: stand.refused };
  const { job } = stand;
  const problem = await job.ended;
  const counts = job.of('counts').findLast(({ last }) => last);
  return {
    opened: job.of('receiving'),
    ...offsetOf(job, offsets),
    ...(counts === undefined ? { problem: problem ?? 'the agent said nothing' } : { counts }),
  };
}

function offsetOf(job: AgentJob, offsets: Offsets): { readonly offset?: ClockOffset } {
  const offset = offsets.get(job);
  return offset === undefined ? {} : { offset };
}
