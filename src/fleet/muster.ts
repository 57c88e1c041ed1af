/** Waits until the agents of a fleet have joined: by one watch of what makes them, however many they are. */
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { endOf, type FleetPod, isReady, whyNotReady } from './pod.ts';
import { WORKLOADS, type Workload } from './workload.ts';

export interface Muster {
  readonly ready: number;
  /** Why the others are not ready, by their end's name, as far as there is a pod. */
  readonly missing: ReadonlyMap<string, string>;
}

interface Counted extends KubeObject {
  /** Of a DaemonSet, and of a Job. */
  readonly status?: { readonly numberReady?: number; readonly ready?: number };
}

export interface MusterWishes {
  /** Agents that can become ready. */
  readonly expected: number;
  /** Milliseconds without one more agent after which it goes on with those that are ready. */
  readonly patience: number;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

export async function muster(cluster: Cluster, workload: Workload, wishes: MusterWishes): Promise<Muster> {
  const { expected, patience, progress, signal } = wishes;
  const { group, resource } = WORKLOADS[workload.kind];
  const path = `/apis/${group}/v1/namespaces/${encodeURIComponent(workload.namespace)}/${resource}`;
  const query = { fieldSelector: `metadata.name=${workload.name}` };
  let ready = 0;
  let isFull = false;
  // A watch with a new deadline each time that one more is ready.
  for (let before = -1; !isFull && ready > before; ) {
    before = ready;
    await cluster.watch<Counted>(
      path,
      query,
      patience,
      (_, { status }) => {
        ready = Math.max(ready, status?.numberReady ?? status?.ready ?? 0);
        progress(`${ready} of ${expected} agents have joined …`);
        isFull = ready >= expected;
        return isFull || ready > before + STEP * expected;
      },
      signal,
    );
  }
  return { ready, missing: isFull ? new Map() : await missingOf(cluster, workload) };
}

/** Share of the agents that is worth waiting anew for. */
const STEP = 0.1;

async function missingOf(cluster: Cluster, { pods, selector }: Workload): Promise<Map<string, string>> {
  const all = await cluster.list<FleetPod>(pods, { labelSelector: selector });
  const late = all.filter((pod) => !isReady(pod));
  return new Map(
    late.flatMap((pod) => {
      const end = endOf(pod);
      return end === undefined ? [] : [[end, whyNotReady(pod)] as const];
    }),
  );
}
