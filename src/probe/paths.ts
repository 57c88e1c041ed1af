/** From what the agents counted to paths: every sender to every receiver. */
import type { Delay, HeardSender, SentFlow } from '../agent/traffic.ts';
import type { ClockOffset } from './agent-job.ts';
import type { ReceiverSeen, Seen, SenderSeen } from './conduct.ts';
import { type End, endKey } from './ends.ts';
import { toldOf } from './findings.ts';
import { exceeds, type LossLimit } from './limits.ts';
import { controlAddress, controlFlow, groupFlow, type ProbePlan } from './plan.ts';
import type { Latency, PathReport } from './probe-report.ts';
import { joinErrorText, sendErrorText } from './say-error.ts';

/** One row for each sender and receiver, senders first. */
export function pathsOf(plan: ProbePlan, seen: Seen, maxLoss: LossLimit): PathReport[] {
  const single = plan.senders.length === 1 && plan.receivers.length === 1;
  return plan.senders.flatMap((from, s) =>
    plan.receivers.map((to, r): PathReport => {
      const path = pathOf(plan, seen, maxLoss, s, r);
      // Within one namespace the kernel's own copy arrives, whatever the network does.
      return endKey(from) === endKey(to) && !single ? { ...path, outcome: 'self', way: 'unknown' } : path;
    }),
  );
}

function pathOf(plan: ProbePlan, seen: Seen, maxLoss: LossLimit, s: number, r: number): PathReport {
  const [from, to] = [plan.senders[s]!, plan.receivers[r]!];
  const [sender, receiver] = [seen.senders[s]!, seen.receivers[r]!];
  const flow = sender.sent?.flows.find(({ id }) => id === groupFlow(s));
  const heard = heardAt(receiver, 'group', plan.run, groupFlow(s));
  const reason = whyUnknown(plan, sender, receiver);
  // The kernel refused the sender's datagrams: on the way to the receiver all of them are lost.
  const sent = flow?.tried === 0 && flow.errors.length > 0 ? plan.count : (flow?.tried ?? 0);
  const received = heard?.unique ?? 0;
  const lost = Math.max(0, sent - received);
  const isBad = exceeds(maxLoss, lost, sent);
  const why = reason ?? whyLost(plan, flow, isBad);
  return {
    ...namesOf(from, to),
    sameNode: from.node === undefined || to.node === undefined ? null : from.node === to.node,
    outcome: reason !== undefined ? 'unknown' : !isBad ? 'ok' : received === 0 ? 'lost' : 'lossy',
    way: reason !== undefined ? 'unknown' : isBad ? 'broken' : 'sound',
    sent,
    received,
    lost,
    lostAfterFirst: heard === undefined ? 0 : lostAfterFirst(heard, sent),
    duplicates: heard?.duplicates ?? 0,
    reordered: heard?.reordered ?? 0,
    latency: heard?.delay === undefined ? null : latencyOf(heard.delay, sender, receiver),
    ttl: toldOf(
      received,
      (heard?.ways ?? []).flatMap(({ ttl }) => ttl ?? []),
    ),
    interfaces: toldOf(
      received,
      (heard?.ways ?? []).flatMap((way) => way.interface ?? []),
    ),
    control: controlOf(plan, seen, s, r),
    ...(why === undefined ? {} : { reason: why }),
  };
}

function namesOf(from: End, to: End): Pick<PathReport, 'from' | 'to' | 'fromNamespace' | 'toNamespace'> {
  return {
    from: from.name,
    to: to.name,
    ...(from.namespace === undefined ? {} : { fromNamespace: from.namespace }),
    ...(to.namespace === undefined ? {} : { toNamespace: to.namespace }),
  };
}

function heardAt(receiver: ReceiverSeen, socket: string, run: string, sender: number): HeardSender | undefined {
  const senders = receiver.counts?.sockets.find(({ id }) => id === socket)?.senders ?? [];
  return senders.find((one) => one.run === run && one.sender === sender);
}

/** A test that did not take place is no loss. */
function whyUnknown(plan: ProbePlan, sender: SenderSeen, receiver: ReceiverSeen): string | undefined {
  const socket = receiver.opened.find((one) => one.socket === 'group');
  if (socket?.error !== undefined) return `the receiver could not join: ${joinErrorText(plan.group.address, socket)}`;
  if (receiver.counts === undefined)
    return `the receiver could not be tested: ${receiver.problem ?? 'it said nothing'}`;
  if (sender.sent === undefined) return `the sender could not be tested: ${sender.problem ?? 'it said nothing'}`;
  return undefined;
}

/** What the sender itself tells of its loss. */
function whyLost(plan: ProbePlan, flow: SentFlow | undefined, isBad: boolean): string | undefined {
  const [refusal] = flow?.errors ?? [];
  if (refusal !== undefined) return sendErrorText(plan.group.address, refusal);
  const { source } = plan.group;
  if (!isBad || source === undefined || flow?.source === undefined || flow.source === source) return undefined;
  return `the receivers joined for the source ${source} alone, and this sender's address is ${flow.source}`;
}

/** Numbers begin with 0: what is missing between the first that came and the last that was sent. */
export function lostAfterFirst(heard: HeardSender, sent: number): number {
  const first = heard.first ?? 0;
  const after = (heard.unique ?? 0) - (heard.below ?? 0);
  return Math.max(0, sent - first - after);
}

/** Takes the clocks' difference off. Both ends on one kernel have one clock; where it was not measured, nothing is said. */
function latencyOf(delay: Delay, sender: SenderSeen, receiver: ReceiverSeen): Latency | null {
  const boot = sender.sent?.boot;
  const isOneClock = boot != null && boot === receiver.counts?.boot;
  const offset = isOneClock ? { ahead: 0, error: 0 } : difference(receiver.offset, sender.offset);
  if (offset === undefined) return null;
  const milliseconds = (value: number) => Math.round(value - offset.ahead) / 1000;
  return {
    least: milliseconds(delay.least),
    median: milliseconds(delay.median),
    mean: milliseconds(delay.mean),
    p99: milliseconds(delay.p99),
    most: milliseconds(delay.most),
    error: Math.round(offset.error) / 1000,
  };
}

function difference(a: ClockOffset | undefined, b: ClockOffset | undefined): ClockOffset | undefined {
  return a === undefined || b === undefined ? undefined : { ahead: a.ahead - b.ahead, error: a.error + b.error };
}

function controlOf(plan: ProbePlan, seen: Seen, s: number, r: number): PathReport['control'] {
  const address = controlAddress(plan, plan.receivers[r]!);
  const flow: SentFlow | undefined = seen.senders[s]!.sent?.flows.find(({ id }) => id === controlFlow(s, r));
  if (address === undefined || flow === undefined || seen.receivers[r]!.counts === undefined) return null;
  const heard = heardAt(seen.receivers[r]!, 'control', plan.run, flow.id);
  return { address, sent: flow.tried, received: heard?.unique ?? 0 };
}
