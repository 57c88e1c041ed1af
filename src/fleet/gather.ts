/** Lets a fleet begin, by deleting its pods, and takes what each agent leaves as its last word. */
import { type Cluster, ClusterError } from '../cluster/cluster.ts';
import type { FleetJob } from './fleet-job.ts';
import { endOf, type FleetPod, whyNotReady } from './pod.ts';
import { type FleetResult, parseResult } from './result.ts';
import type { Workload } from './workload.ts';

/** Pods that ended. The kubelet says so, with the container's message, before the pod is taken out of the API (since Kubernetes 1.27). */
const ENDED = 'status.phase!=Running,status.phase!=Pending';
/** Milliseconds beyond the agents' own time: kubelets have to notice, and to say. Then as long as more comes at least this often. */
const ROOM = 30_000;
const PAUSE = 15_000;
const LONGEST = 3_600_000;

/**
 * Results by the name of the end; a sentence where something went wrong. `expected` agents have joined. The sign to begin is the deletion, which
 * reaches all of them by one request.
 */
export async function gather(
  cluster: Cluster,
  workload: Workload,
  job: FleetJob,
  expected: number,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FleetResult | string>> {
  const results = new Map<string, FleetResult | string>();
  const over = new AbortController();
  let timer = setTimeout(() => over.abort(), job.window + ROOM);
  const until = Date.now() + job.window + ROOM;
  const take = (_: string, pod: FleetPod): boolean => {
    clearTimeout(timer);
    timer = setTimeout(() => over.abort(), Math.max(PAUSE, until - Date.now()));
    const end = endOf(pod);
    if (end !== undefined && !results.has(end)) results.set(end, resultOf(pod, job));
    progress(`${results.size} of ${expected} agents have told what came …`);
    return results.size >= expected;
  };
  const query = { labelSelector: workload.selector, fieldSelector: ENDED };
  const both = AbortSignal.any([signal, over.signal]);
  const watching = cluster.watch<FleetPod>(workload.pods, query, LONGEST, take, both);
  // When the deletion fails first, nobody waits for it.
  watching.catch(() => undefined);
  try {
    await workload.dismiss();
    await watching;
  } catch (error) {
    if (!(error instanceof ClusterError) || error.kind !== 'aborted' || signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    over.abort();
  }
  return results;
}

function resultOf(pod: FleetPod, job: FleetJob): FleetResult | string {
  const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
  if (ended === undefined) return whyNotReady(pod);
  if (ended.message !== undefined && ended.message !== '') return parseResult(ended.message, job);
  return `its agent ended with status ${ended.exitCode ?? '?'}${ended.reason === undefined ? '' : ` (${ended.reason})`} and said nothing`;
}
