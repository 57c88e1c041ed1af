/** A probe by a fleet as the report that every probe ends with. */
import { formatGroup } from '../model/group.ts';
import type { End } from '../probe/ends.ts';
import { findingsOf } from '../probe/findings.ts';
import type { ProbePlan } from '../probe/plan.ts';
import type { ProbeReport, ReceiverReport, SenderReport, Tally } from '../probe/probe-report.ts';
import { sendErrorText } from '../probe/say-error.ts';
import { summaryOf } from '../probe/summary.ts';
import type { FleetPaths, Outcomes } from './paths.ts';

export interface Told {
  readonly version: string;
  readonly time: string;
  /** What ran the agents, for people. */
  readonly vantage: string;
}

export function fleetReport(plan: ProbePlan, outcomes: Outcomes, found: FleetPaths, told: Told): ProbeReport {
  const { count, rate, size, ttl, run } = plan;
  const { paths, totals } = found;
  const isWhole = paths.length === plan.senders.length * plan.receivers.length;
  const failed = totals.lost + totals.lossy;
  const receivers = plan.receivers.map((end, r) => receiverReport(end, outcomes, found.receivers[r]!, told));
  return {
    schemaVersion: 'kmcast/v1',
    kind: 'Probe',
    kmcastVersion: told.version,
    time: told.time,
    run,
    engine: 'cluster',
    group: formatGroup(plan.group),
    datagrams: { count, rate, size, ttl },
    verdict: failed > 0 ? 'failed' : totals.unknown > 0 || totals.ok === 0 ? 'unknown' : 'passed',
    summary: isWhole ? summaryOf(paths) : summaryOfMany(plan, found),
    totals,
    findings: findingsOf(plan, receivers),
    senders: plan.senders.map((end, s) => senderReport(plan, end, outcomes, found.senders[s]!, told)),
    receivers,
    paths,
  };
}

/** Who reaches nobody and whom nobody reaches stands out of a number of paths that nobody can read. */
export function summaryOfMany(plan: ProbePlan, { totals, senders, receivers }: Omit<FleetPaths, 'paths'>): string {
  const failed = totals.lost + totals.lossy;
  const tested = failed + totals.ok;
  const aside = totals.unknown === 0 ? '' : `; ${totals.unknown} could not be tested`;
  if (tested === 0) return `no path of ${totals.unknown} could be tested`;
  if (failed === 0) return `all ${tested} paths carry the group${aside}`;
  if (totals.ok === 0) return `all ${tested} paths lose datagrams${aside}`;
  const cut = ({ ok, lossy, lost }: Tally) => ok === 0 && lossy === 0 && lost > 0;
  const clauses = [
    some(plan.senders, senders.map(cut), (names) => `nobody hears ${names}`),
    some(plan.receivers, receivers.map(cut), (names) => `nothing reaches ${names}`),
  ].filter((clause) => clause !== '');
  const pattern = clauses.length === 0 ? '' : `: ${clauses.join(', and ')}`;
  return `${failed} of ${tested} paths lose datagrams${pattern}${aside}`;
}

const NAMED = 5;

function some(ends: readonly End[], test: readonly boolean[], say: (names: string) => string): string {
  const names = ends.filter((_, index) => test[index]).map(({ name }) => name);
  if (names.length === 0) return '';
  const more = names.length - NAMED;
  return say(`${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
}

function endReport(end: End, outcomes: Outcomes, tally: Tally, { vantage }: Told) {
  const outcome = outcomes(end);
  return {
    name: end.name,
    ...(end.node === undefined ? {} : { node: end.node }),
    vantage,
    tally,
    ...(typeof outcome === 'string' ? { problem: outcome } : {}),
  };
}

function senderReport(plan: ProbePlan, end: End, outcomes: Outcomes, tally: Tally, told: Told): SenderReport {
  const outcome = outcomes(end);
  const sent = typeof outcome === 'string' ? undefined : outcome.sent;
  return {
    ...endReport(end, outcomes, tally, told),
    ...(sent?.source === undefined ? {} : { source: sent.source }),
    ...(sent?.interface === undefined ? {} : { interface: sent.interface }),
    sent: sent?.sent ?? 0,
    errors: (sent?.errors ?? []).map((error) => sendErrorText(plan.group.address, error)),
  };
}

function receiverReport(end: End, outcomes: Outcomes, tally: Tally, told: Told): ReceiverReport {
  const outcome = outcomes(end);
  const received = typeof outcome === 'string' ? undefined : outcome.received;
  return {
    ...endReport(end, outcomes, tally, told),
    ...(received?.interface === undefined ? {} : { interface: received.interface }),
    ...(received?.dropped == null ? {} : { bufferOverflow: received.dropped }),
    leaked: received?.leaked ?? 0,
    foreign: received?.foreign ?? 0,
  };
}
