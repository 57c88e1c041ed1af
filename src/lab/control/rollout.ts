/** How far a rolling update may go at once (kubernetes/pkg/controller/deployment, rolling.go and util/deployment_util.go). */

/** Numbers of replicas that are wanted and that exist; `sets` is of the old ReplicaSets, oldest first. */
export interface Rollout {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly current: Replicas;
  readonly old: readonly Replicas[];
}

export interface Replicas {
  readonly wanted: number;
  readonly available: number;
}

/** `25%` of the replicas, or a number. Both at 0 would let nothing move. */
export function limitsOf(
  replicas: number,
  rolling: { readonly maxSurge?: unknown; readonly maxUnavailable?: unknown } | undefined,
): { maxSurge: number; maxUnavailable: number } {
  const maxSurge = Math.ceil(share(rolling?.maxSurge ?? '25%', replicas));
  const maxUnavailable = Math.floor(share(rolling?.maxUnavailable ?? '25%', replicas));
  return { maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable };
}

/** How many the new ReplicaSet may have now. */
export function newReplicas({ replicas, maxSurge, current, old }: Rollout): number {
  if (current.wanted > replicas) return replicas;
  const total = current.wanted + old.reduce((sum, set) => sum + set.wanted, 0);
  return current.wanted + Math.max(0, Math.min(replicas + maxSurge - total, replicas - current.wanted));
}

/** How many each old ReplicaSet may keep, in their order: first those that are not available go, then as many as the new ones allow. */
export function oldReplicas({ replicas, maxUnavailable, current, old }: Rollout): number[] {
  const kept = old.map((set) => set.wanted);
  const total = current.wanted + kept.reduce((sum, wanted) => sum + wanted, 0);
  const least = replicas - maxUnavailable;
  let unhealthyToGo = Math.max(0, total - least - (current.wanted - current.available));
  const available = old.map((set) => set.available);
  for (const [i, set] of old.entries()) {
    const gone = Math.min(unhealthyToGo, Math.max(0, set.wanted - set.available));
    kept[i] = set.wanted - gone;
    unhealthyToGo -= gone;
  }
  let toGo = Math.max(0, current.available + available.reduce((sum, n) => sum + n, 0) - least);
  for (const [i, wanted] of kept.entries()) {
    const gone = Math.min(toGo, wanted);
    kept[i] = wanted - gone;
    toGo -= gone;
  }
  return kept;
}

function share(value: unknown, replicas: number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(String(value))?.[1];
  return percent === undefined ? 0 : (Number(percent) / 100) * replicas;
}
