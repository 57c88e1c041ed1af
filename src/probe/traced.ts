/** Adds to a report where its failing paths lose their datagrams. */

import { withBarred } from './barred.ts';
import { follow, type TraceTools } from './follow.ts';
import { newRun } from './local-agent.ts';
import type { Probed } from './probe.ts';
import type { PathReport, ProbeReport } from './probe-report.ts';
import { summaryOf, verdictOf } from './summary.ts';

/** One path within a node and one across nodes are followed: others fail for the same reasons, and each takes some seconds. */
export async function traced(
  { plan, stands, seen, report }: Probed,
  tools: TraceTools,
  progress: (text: string) => void,
): Promise<ProbeReport> {
  const paths = await withBarred(plan, seen, report.paths, tools, progress);
  const worst = worstOfEach(paths);
  if (worst.length > 0)
    progress(`looking where ${namesOf(paths, worst)} ${worst.length > 1 ? 'lose' : 'loses'} datagrams …`);
  const follows = worst.map(async (index) => {
    const from = plan.senders[Math.floor(index / plan.receivers.length)]!;
    const to = plan.receivers[index % plan.receivers.length]!;
    // A run of its own, so that two at once are told apart.
    const died = await follow({ ...plan, run: newRun() }, from, to, { ...tools, stands });
    if (died !== undefined) paths[index] = { ...paths[index]!, died };
  });
  await Promise.all(follows);
  return { ...report, verdict: verdictOf(paths), summary: summaryOf(paths), paths };
}

function namesOf(paths: readonly PathReport[], indexes: readonly number[]): string {
  return indexes.map((index) => `${paths[index]!.from} → ${paths[index]!.to}`).join(' and ');
}

/** Of each kind the path that loses most. */
function worstOfEach(paths: readonly PathReport[]): number[] {
  const failed = paths
    .map((path, index) => ({ path, index }))
    .filter(({ path }) => ['lost', 'lossy'].includes(path.outcome) && path.died === undefined);
  const worst = [...failed].sort((a, b) => b.path.lost - a.path.lost);
  const kinds = [...new Set(failed.map(({ path }) => path.sameNode))];
  return kinds.flatMap((kind) => worst.find(({ path }) => path.sameNode === kind)?.index ?? []);
}
