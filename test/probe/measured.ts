/** What agents say of a probe, made up. */
import type { HeardSender, SentFlow } from '../../src/agent/traffic.ts';
import type { ReceiverSeen, Seen, SenderSeen } from '../../src/probe/conduct.ts';
import type { End } from '../../src/probe/ends.ts';
import { pathsOf } from '../../src/probe/paths.ts';
import { controlFlow, groupFlow, type ProbePlan } from '../../src/probe/plan.ts';
import type { PathReport, ProbeReport } from '../../src/probe/probe-report.ts';
import { summaryOf } from '../../src/probe/summary.ts';

export const RUN = '0011223344556677';

export function pod(name: string, node: string): End {
  return { name: `pod/${name}`, namespace: 'video', node, addresses: ['10.244.0.9'] };
}

export function planOf(senders: readonly End[], receivers: readonly End[], more: Partial<ProbePlan> = {}): ProbePlan {
  const group = { family: 4, address: '239.255.1.2', port: 20_001 } as const;
  return {
    run: RUN,
    group,
    senders,
    receivers,
    count: 100,
    rate: 50,
    size: 100,
    ttl: 16,
    controlPort: 30_001,
    ...more,
  };
}

/** A sender as a receiver heard it; `came` of its hundred numbers. */
export function heard(sender: number, came: Partial<HeardSender>): HeardSender {
  const unique = came.unique ?? 100;
  return {
    source: '10.244.0.5',
    port: 4000,
    run: RUN,
    sender,
    received: unique,
    bytes: unique * 100,
    began: 1,
    ended: 2,
    ways: [{ interface: 'eth0', ttl: 16, packets: unique }],
    first: 0,
    highest: 99,
    unique,
    below: 0,
    missing: 100 - unique,
    duplicates: 0,
    reordered: 0,
    stale: 0,
    delay: { least: 1000, median: 1200, mean: 1300, p99: 2000, most: 2100 },
    ...came,
  };
}

export function senderSeen(plan: ProbePlan, index: number, flow: Partial<SentFlow> = {}, boot = 'one'): SenderSeen {
  const base = {
    source: '10.244.0.5',
    port: 4000,
    interface: 'eth0',
    tried: 100,
    sent: 100,
    began: 1,
    ended: 2,
    errors: [],
  };
  const controls = plan.receivers.map((_, r) => ({ ...base, id: controlFlow(index, r), tried: 10, sent: 10 }));
  const flows = [{ ...base, id: groupFlow(index), ...flow }, ...controls];
  return { sent: { type: 'sent', place: 'end', last: true, at: 0, boot, flows }, offset: { ahead: 500, error: 40 } };
}

export function receiverSeen(
  plan: ProbePlan,
  index: number,
  group: readonly HeardSender[],
  more: {
    readonly silent?: readonly HeardSender[];
    readonly dropped?: number;
    readonly boot?: string;
    readonly control?: number;
  } = {},
): ReceiverSeen {
  const control = plan.senders.map((_, s) => heard(controlFlow(s, index), { unique: more.control ?? 10 }));
  const socket = (id: string, senders: readonly HeardSender[]) => ({
    id,
    senders,
    truncated: false,
    dropped: more.dropped ?? 0,
  });
  const sockets = [socket('group', group), socket('silent', more.silent ?? []), socket('control', control)];
  return {
    opened: [{ type: 'receiving', place: 'end', socket: 'group', buffer: 1, interface: 'eth0' }],
    counts: { type: 'counts', place: 'end', last: true, at: 0, boot: more.boot ?? 'one', badChecksums: 0, sockets },
    offset: { ahead: 900, error: 60 },
  };
}

export function reportOf(plan: ProbePlan, seen: Seen): ProbeReport {
  const paths: PathReport[] = pathsOf(plan, seen, { datagrams: 0 });
  const { count, rate, size, ttl, run } = plan;
  const ends = (list: readonly End[]) =>
    list.map(({ name, node }) => ({ name, ...(node === undefined ? {} : { node }) }));
  return {
    schemaVersion: 'kmcast/v1',
    kind: 'Probe',
    kmcastVersion: '1',
    time: '2026-01-02T03:04:05.000Z',
    run,
    engine: 'connections',
    group: '239.255.1.2:20001',
    datagrams: { count, rate, size, ttl },
    verdict: 'failed',
    summary: summaryOf(paths),
    findings: [],
    senders: ends(plan.senders).map((end) => ({ ...end, sent: 100, errors: [] })),
    receivers: ends(plan.receivers).map((end) => ({ ...end, leaked: 0, foreign: 0 })),
    paths,
  };
}
