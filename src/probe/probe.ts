/** A whole probe: ways in, a group, the test, and the report. */
import type { SentFlow } from '../agent/traffic.ts';
import type { Access } from '../facts/observe/access.ts';
import { formatGroup, type Group } from '../model/group.ts';
import type { Family } from '../model/netns.ts';
import {
  conduct,
  GroupInUse,
  type ReceiverSeen,
  type Seen,
  type SenderSeen,
  type Stands,
  takeStands,
} from './conduct.ts';
import { type End, endKey } from './ends.ts';
import { findingsOf } from './findings.ts';
import { isTaken, type Members, randomGroup } from './free-group.ts';
import type { LossLimit } from './limits.ts';
import { pathsOf } from './paths.ts';
import { groupFlow, type ProbePlan } from './plan.ts';
import type { ProbeReport, ReceiverReport, SenderReport } from './probe-report.ts';
import { sendErrorText } from './say-error.ts';
import { type NoStand, type Stand, takeStand } from './stand.ts';
import { summaryOf, verdictOf } from './summary.ts';

export interface ProbeWishes extends Omit<ProbePlan, 'group'> {
  readonly version: string;
  /** A free one is taken when absent. */
  readonly group?: Group;
  readonly family: Family;
  /** Only datagrams of this source are asked for. */
  readonly source?: string;
  readonly maxLoss: LossLimit;
  /** Absent without a cluster. */
  readonly access?: Access;
  readonly announce: (text: string) => void;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Groups that are tried until one is silent. */
const TRIES = 4;

/** What was done, and where from: enough to look further into. */
export interface Probed {
  readonly plan: ProbePlan;
  readonly stands: Stands;
  readonly seen: Seen;
  readonly report: ProbeReport;
}

export async function probe(wishes: ProbeWishes): Promise<Probed> {
  const time = new Date().toISOString();
  const { plan, stands, seen } = await attempt(wishes);
  const paths = pathsOf(plan, seen, wishes.maxLoss);
  const { count, rate, size, ttl, run } = plan;
  const receivers = plan.receivers.map((end, r) =>
    receiverReport(plan, end, seen.receivers[r]!, stands.get(endKey(end))),
  );
  const report: ProbeReport = {
    schemaVersion: 'kmcast/v1',
    kind: 'Probe',
    kmcastVersion: wishes.version,
    time,
    run,
    engine: 'connections',
    group: formatGroup(plan.group),
    datagrams: { count, rate, size, ttl },
    verdict: verdictOf(paths),
    summary: summaryOf(paths),
    findings: findingsOf(plan, receivers),
    senders: plan.senders.map((end, s) => senderReport(plan, end, s, seen.senders[s]!, stands.get(endKey(end)))),
    receivers,
    paths,
  };
  return { plan, stands, seen, report };
}

/** Takes another group when the first one turns out to be in use. */
async function attempt(wishes: ProbeWishes): Promise<Omit<Probed, 'report'>> {
  const { access, announce, progress, signal } = wishes;
  const isOurs = wishes.group === undefined;
  for (let left = TRIES; ; left--) {
    const plan = { ...wishes, group: wishes.group ?? randomGroup(wishes.family, wishes.source) };
    announce(`joining ${formatGroup(plan.group)} at ${plan.receivers.length} receivers for some seconds`);
    progress('getting in …');
    const stands = await takeStands(plan, (end, work) => takeStand(end, work, access, signal), isOurs);
    try {
      if (isOurs && isTaken(plan.group, membersOf(stands))) throw new GroupInUse();
      return { plan, stands, seen: await conduct(plan, stands, isOurs, progress) };
    } catch (error) {
      if (!(error instanceof GroupInUse) || left <= 1) throw error;
    } finally {
      for (const stand of stands.values()) if ('job' in stand) stand.job.halt();
    }
  }
}

function membersOf(stands: Stands): Members[] {
  const taken = [...stands.values()].filter((stand) => 'job' in stand);
  const spaces = taken.map(({ end }) => namespaceOf(end));
  return taken.map(({ groups }, index) => ({
    groups,
    shared: spaces.filter((space) => space === spaces[index]).length > 1,
  }));
}

/** Nodes and pods with their network have one namespace. */
function namespaceOf(end: End): string {
  const isNode = end.pod === undefined || end.pod.spec.hostNetwork === true;
  return isNode && end.node !== undefined ? `node/${end.node}` : endKey(end);
}

function endReport(end: End, stand: NoStand | Stand | undefined) {
  return {
    name: end.name,
    ...(end.namespace === undefined ? {} : { namespace: end.namespace }),
    ...(end.node === undefined ? {} : { node: end.node }),
    ...(stand !== undefined && 'vantage' in stand ? { vantage: stand.vantage.description } : {}),
  };
}

function senderReport(
  plan: ProbePlan,
  end: End,
  index: number,
  { sent, problem }: SenderSeen,
  stand: NoStand | Stand | undefined,
): SenderReport {
  const flow = sent?.flows.find(({ id }) => id === groupFlow(index));
  return {
    ...endReport(end, stand),
    ...(flow?.source === undefined ? {} : { source: flow.source }),
    ...(flow?.interface === undefined ? {} : { interface: flow.interface }),
    sent: flow?.sent ?? 0,
    ...(flow === undefined ? {} : rateOf(flow)),
    errors: (flow?.errors ?? []).map((error) => sendErrorText(plan.group.address, error)),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** What was asked for, and what the sender's machine made of it, are two things. */
function rateOf({ sent, began, ended }: SentFlow): { readonly rate?: number } {
  return sent < 2 || ended <= began ? {} : { rate: Math.round(((sent - 1) * 1e7) / (ended - began)) / 10 };
}

function receiverReport(
  plan: ProbePlan,
  end: End,
  { opened, counts, problem }: ReceiverSeen,
  stand: NoStand | Stand | undefined,
): ReceiverReport {
  const at = (id: string) => counts?.sockets.find((socket) => socket.id === id);
  const ours = (id: string, own: boolean) =>
    (at(id)?.senders ?? []).filter(({ run }) => (run === plan.run) === own).reduce((sum, one) => sum + one.received, 0);
  const joined = opened.find(({ socket }) => socket === 'group')?.interface;
  const dropped = at('group')?.dropped;
  return {
    ...endReport(end, stand),
    ...(joined === undefined ? {} : { interface: joined }),
    ...(dropped == null ? {} : { bufferOverflow: Math.max(0, dropped - (counts?.badChecksums ?? 0)) }),
    leaked: ours('silent', true),
    foreign: ours('group', false),
    ...(problem === undefined ? {} : { problem }),
  };
}
