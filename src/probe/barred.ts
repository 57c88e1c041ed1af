/** Ends that nothing can be sent to or from: pods without a network, and sockets that cannot join. Why, by doctor's rules. */
import { diagnose } from '../doctor/diagnose.ts';
import { rules } from '../doctor/rules/index.ts';
import { collect } from '../facts/collect.ts';
import type { Seen } from './conduct.ts';
import { type Died, findingsAt } from './died.ts';
import { type End, endKey, withoutNetwork } from './ends.ts';
import { type TraceTools, targetsOf } from './follow.ts';
import type { Place } from './place.ts';
import type { ProbePlan } from './plan.ts';
import type { PathReport } from './probe-report.ts';

/** What keeps applications from joining as well; a port that another program does not share keeps only the test from listening. */
const NO_WAY_IN = ['ENODEV', 'EADDRNOTAVAIL'];
/** Ends that are looked into: others that cannot be tested have the same reason, as a rule. */
const MOST_BARRED = 3;

/** Paths that could not be tested since there is no network, or no membership, at one of their ends. */
export async function withBarred(
  plan: ProbePlan,
  seen: Seen,
  paths: readonly PathReport[],
  tools: TraceTools,
  progress: (text: string) => void,
): Promise<PathReport[]> {
  const known = new Map<string, Promise<Died>>();
  const died = (end: End, at: Place, reason: string): Promise<Died> | undefined => {
    const key = `${endKey(end)} ${at}`;
    if (!known.has(key) && known.size < MOST_BARRED) {
      progress(`asking why ${reason} …`);
      known.set(key, barred(plan, end, at, reason, tools));
    }
    return known.get(key);
  };
  return Promise.all(
    paths.map(async (path, index): Promise<PathReport> => {
      if (path.outcome !== 'unknown') return path;
      const from = plan.senders[Math.floor(index / plan.receivers.length)]!;
      const r = index % plan.receivers.length;
      const to = plan.receivers[r]!;
      const [unsent, unheard] = [withoutNetwork(from), withoutNetwork(to)];
      const refused = seen.receivers[r]?.opened.some(
        ({ socket, code }) => socket === 'group' && NO_WAY_IN.includes(code ?? ''),
      );
      const cause = await (unheard !== undefined
        ? died(to, 'attachment', unheard)
        : unsent !== undefined
          ? died(from, 'sender', unsent)
          : refused === true
            ? died(to, 'membership', path.reason ?? '')
            : undefined);
      if (cause === undefined) return path;
      // Without a reason it may be that the pod is only starting.
      if (cause.findings.length === 0) return { ...path, died: cause };
      return { ...path, way: 'broken', died: cause, ...(path.sent > 0 ? { outcome: 'lost' } : {}) };
    }),
  );
}

/** What doctor knows of an end at which the way ends. Nothing is sent, joined or watched for that. */
async function barred(
  plan: ProbePlan,
  end: End,
  at: Place,
  reason: string,
  { cluster, access, signal, version }: TraceTools,
): Promise<Died> {
  const before = at === 'membership' ? `${end.name} as a member` : `the network of ${end.name}`;
  const bare = { at, hops: [{ at: before, place: at, seen: null, reason }], after: null, before };
  if (cluster === undefined || access === undefined) return { ...bare, findings: [] };
  const wishes = {
    ...targetsOf([end]),
    namespace: end.namespace ?? cluster.namespace,
    groups: [plan.group],
    ...(plan.group.source === undefined ? {} : { source: plan.group.source }),
    duration: 0,
    whole: false,
    version,
    now: new Date(),
  };
  const snapshot = await collect(cluster, wishes, { access: () => access, announce: () => undefined, signal });
  // A sender that never ran lacks the same that a receiver would.
  return { ...bare, findings: findingsAt(at === 'sender' ? 'attachment' : at, diagnose(snapshot, rules)) };
}
