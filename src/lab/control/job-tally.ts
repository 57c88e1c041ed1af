/** What became of a job's pods, also of those that are gone from the API (which finalizers are for in the real controller). */
import type { KubeObject } from '../object.ts';

export const INDEX = 'batch.kubernetes.io/job-completion-index';

export class JobTally {
  readonly #succeeded = new Map<string, number | undefined>();
  readonly #failed = new Map<string, number>();

  note(pods: readonly KubeObject[]): void {
    for (const pod of pods) {
      const { uid } = pod.metadata;
      if (pod.status?.phase === 'Succeeded') this.#succeeded.set(uid, indexOf(pod));
      // A pod that somebody takes away has not done its work.
      else if (pod.status?.phase === 'Failed' || pod.metadata.deletionTimestamp !== undefined) {
        if (!this.#failed.has(uid)) this.#failed.set(uid, Date.now());
      }
    }
  }

  get succeeded(): number {
    return this.#succeeded.size;
  }

  get failed(): number {
    return this.#failed.size;
  }

  get completedIndexes(): Set<number> {
    return new Set([...this.#succeeded.values()].filter((index) => index !== undefined));
  }

  /** Milliseconds until a new pod may follow the last that failed: 10 s, doubled with each further one, 10 minutes at most. */
  untilRetry(): number {
    if (this.#failed.size === 0) return 0;
    const pause = Math.min(600_000, 10_000 * 2 ** (this.#failed.size - 1));
    return Math.max(0, Math.max(...this.#failed.values()) + pause - Date.now());
  }
}

export function indexOf({ metadata }: KubeObject): number | undefined {
  const index = metadata.annotations?.[INDEX];
  return index === undefined ? undefined : Number(index);
}
