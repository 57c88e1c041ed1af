/** From what a fleet's agents left to paths: every sender to every receiver, told one by one as far as that helps. */
import { type End, endKey } from '../probe/ends.ts';
import { toldOf } from '../probe/findings.ts';
import { exceeds, type LossLimit } from '../probe/limits.ts';
import type { ProbePlan } from '../probe/plan.ts';
import type { PathReport, Tally } from '../probe/probe-report.ts';
import { joinErrorText, sendErrorText } from '../probe/say-error.ts';
import type { FleetResult, HeardOf } from './result.ts';

/** What came of each end: a sentence where nothing did. */
export type Outcomes = (end: End) => FleetResult | string;

export interface FleetPaths {
  /** All; of more than `MOST_LISTED` those that are not fine, at most so many. */
  readonly paths: readonly PathReport[];
  readonly totals: Tally;
  /** In the order of the plan. */
  readonly senders: readonly Tally[];
  readonly receivers: readonly Tally[];
}

export const MOST_LISTED = 10_000;

type Counts = { -readonly [K in keyof Tally]: Tally[K] };

export function fleetPaths(plan: ProbePlan, outcomes: Outcomes, maxLoss: LossLimit): FleetPaths {
  const isWhole = plan.senders.length * plan.receivers.length <= MOST_LISTED;
  const single = plan.senders.length === 1 && plan.receivers.length === 1;
  const paths: PathReport[] = [];
  const totals = none();
  const [senders, receivers] = [plan.senders.map(none), plan.receivers.map(none)];
  const [sent, received] = [plan.senders.map(outcomes), plan.receivers.map(outcomes)];
  for (const [s, from] of plan.senders.entries()) {
    for (const [r, to] of plan.receivers.entries()) {
      const measured = pathOf(plan, s, [from, to], [sent[s]!, received[r]!], maxLoss);
      const path: PathReport =
        endKey(from) === endKey(to) && !single ? { ...measured, outcome: 'self', way: 'unknown' } : measured;
      if (path.outcome !== 'self') for (const tally of [totals, senders[s]!, receivers[r]!]) tally[path.outcome]++;
      const isFine = path.outcome === 'ok' || path.outcome === 'self';
      if (isWhole || (!isFine && paths.length < MOST_LISTED)) paths.push(path);
    }
  }
  return { paths, totals, senders, receivers };
}

function none(): Counts {
  return { ok: 0, lossy: 0, lost: 0, unknown: 0 };
}

function pathOf(
  plan: ProbePlan,
  position: number,
  [from, to]: readonly [End, End],
  [sender, receiver]: readonly [FleetResult | string, FleetResult | string],
  maxLoss: LossLimit,
): PathReport {
  const heard = typeof receiver === 'string' ? undefined : receiver.received?.heard[position];
  const flow = typeof sender === 'string' ? undefined : sender.sent;
  const [refusal] = flow?.errors ?? [];
  // The kernel refused the sender's datagrams: on the way to the receiver all of them are lost.
  const sent = flow?.tried === 0 && refusal !== undefined ? plan.count : (flow?.tried ?? 0);
  const came = heard?.unique ?? 0;
  const lost = Math.max(0, sent - came);
  const isBad = exceeds(maxLoss, lost, sent);
  const reason = whyUnknown(plan, sender, receiver) ?? (isBad ? whyTooSoon(sender, receiver) : undefined);
  const why = reason ?? (refusal === undefined ? roughly(heard) : sendErrorText(plan.group.address, refusal));
  return {
    from: from.name,
    to: to.name,
    sameNode: from.node === to.node,
    outcome: reason !== undefined ? 'unknown' : !isBad ? 'ok' : came === 0 ? 'lost' : 'lossy',
    way: reason !== undefined ? 'unknown' : isBad ? 'broken' : 'sound',
    sent,
    received: came,
    lost,
    lostAfterFirst: heard === undefined ? 0 : lostAfterFirst(heard, sent),
    duplicates: heard?.duplicates ?? 0,
    reordered: heard?.reordered ?? 0,
    latency: null,
    ttl: toldOf<number>(came, []),
    interfaces: toldOf<string>(came, []),
    control: null,
    ...(why === undefined ? {} : { reason: why }),
  };
}

/** A test that did not take place is no loss. */
function whyUnknown(plan: ProbePlan, sender: FleetResult | string, receiver: FleetResult | string): string | undefined {
  if (typeof receiver === 'string') return `the receiver could not be tested: ${receiver}`;
  if (receiver.joinError !== undefined)
    return `the receiver could not join: ${joinErrorText(plan.group.address, receiver.joinError)}`;
  if (typeof sender === 'string') return `the sender could not be tested: ${sender}`;
  return sender.sent === undefined || receiver.received === undefined ? 'its agent did not take part' : undefined;
}

/** The pods are deleted by one request, and all the same some hear of it later. Only the nodes' clocks can tell. */
function whyTooSoon(sender: FleetResult | string, receiver: FleetResult | string): string | undefined {
  if (typeof sender === 'string' || typeof receiver === 'string') return undefined;
  const late = (sender.sent?.last ?? 0) - receiver.ended;
  return late <= 0
    ? undefined
    : `the receiver had ended ${late / 1000} s before the sender's last datagram: they did not begin together, or their clocks differ`;
}

function roughly(heard: HeardOf | undefined): string | undefined {
  return heard === undefined || heard.exact
    ? undefined
    : 'how many came is known to a sixtieth: more senders lost something than one message tells exactly';
}

function lostAfterFirst(heard: HeardOf, sent: number): number {
  if (heard.unique === 0) return 0;
  return Math.max(0, sent - (heard.first ?? 0) - (heard.after ?? heard.unique));
}
