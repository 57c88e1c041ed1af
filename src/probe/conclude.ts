/** From what was seen of one sender's datagrams at every hop, to where they died. */
import type { TrafficMessage } from '../agent/traffic.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { rules } from '../doctor/rules/index.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { type Died, diedAt } from './died.ts';
import { hopsOf } from './hops.ts';
import { withMembership } from './membership-hop.ts';
import { groupFlow, type ProbePlan } from './plan.ts';

type Said<T extends TrafficMessage['type']> = Extract<TrafficMessage, { type: T }>;

/** What was seen while one sender sent to one receiver. */
export interface Looked {
  readonly snapshots: readonly Snapshot[];
  readonly sourcePort: number;
  /** What the receiver said of its socket, and had counted when the look without a join was over, at the latest. */
  readonly joined: Said<'receiving'> | undefined;
  readonly counted: Said<'counts'> | undefined;
  /** Datagrams that were sent by then, about. */
  readonly tried: number;
  /** Datagrams a second, and milliseconds of the look. */
  readonly rate: number;
  readonly duration: number;
}

/** `plan` has one sender and one receiver. */
export function conclude(plan: ProbePlan, looked: Looked): Died {
  const [from, to] = [plan.senders[0]!, plan.receivers[0]!];
  const { group } = plan;
  const { snapshots, sourcePort, joined } = looked;
  const seen = hopsOf(from, to, snapshots, { group: group.address, port: group.port ?? 0, sourcePort });
  const on = joined?.interface === undefined ? {} : { interface: joined.interface };
  const hops = withMembership(seen, snapshots, { to, group, ...on });
  const socket = { at: `the socket in ${to.name}`, place: 'receiver', seen: atSocket(plan, looked) } as const;
  return diedAt(
    [...hops, socket],
    snapshots.flatMap((snapshot) => diagnose(snapshot, rules)),
  );
}

/** Seconds by which what was told of the sending may be old. */
const OLD = 0.75;

/** The socket counted for longer than the look lasted: its share of what was sent, of what was sent during the look. */
function atSocket(plan: ProbePlan, { counted, tried, rate, duration }: Looked): number {
  const senders = counted?.sockets[0]?.senders ?? [];
  const heard = senders.find(({ run, sender }) => run === plan.run && sender === groupFlow(0));
  if (heard === undefined) return 0;
  const expected = Math.max((heard.highest ?? 0) + 1, tried - OLD * rate);
  return Math.round(((heard.unique ?? 0) / expected) * (duration / 1000) * rate);
}
