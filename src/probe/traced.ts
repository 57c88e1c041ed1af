/** Adds to a report where its failing paths lose their datagrams. */
import { type FollowTools, follow } from './follow.ts';
import type { Probed } from './probe.ts';
import type { PathReport, ProbeReport } from './probe-report.ts';

/** One path within a node and one across nodes are followed: others fail for the same reasons, and each takes some seconds. */
export async function traced(
  { plan, stands, report }: Probed,
  tools: Omit<FollowTools, 'stands'>,
  progress: (text: string) => void,
): Promise<ProbeReport> {
  const paths = [...report.paths];
  for (const index of worstOfEach(paths)) {
    const path = paths[index]!;
    const from = plan.senders[Math.floor(index / plan.receivers.length)]!;
    const to = plan.receivers[index % plan.receivers.length]!;
    progress(`looking where ${path.from} → ${path.to} loses its datagrams …`);
    const died = await follow(plan, from, to, { ...tools, stands });
    if (died !== undefined) paths[index] = { ...path, died };
  }
  return { ...report, paths };
}

/** Of each kind the path that loses most. */
function worstOfEach(paths: readonly PathReport[]): number[] {
  const failed = paths
    .map((path, index) => ({ path, index }))
    .filter(({ path }) => ['lost', 'lossy'].includes(path.outcome));
  const worst = [...failed].sort((a, b) => b.path.lost - a.path.lost);
  const kinds = [...new Set(failed.map(({ path }) => path.sameNode))];
  return kinds.flatMap((kind) => worst.find(({ path }) => path.sameNode === kind)?.index ?? []);
}
