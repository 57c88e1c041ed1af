/** Watches the pods of a selector and keeps the latest one. */
import type { Cluster } from '../cluster/cluster.ts';
import type { Pod } from './pod.ts';

export class PodFollower {
  /** As last seen; undefined before the first event. */
  pod: Pod | undefined;
  /** The pod was there and is not any more. */
  gone = false;
  readonly #abort = new AbortController();
  #problem: unknown;
  #wake = (): void => {};

  /** Follows for so many milliseconds, or until `stop`. `query` selects the pod. */
  constructor(cluster: Cluster, namespace: string, query: Readonly<Record<string, string>>, deadline: number) {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
    const take = (type: string, pod: Pod): boolean => {
      this.pod = pod;
      this.gone = type === 'DELETED';
      this.#wake();
      return false;
    };
    cluster.watch(path, query, deadline, take, this.#abort.signal).catch((error: unknown) => {
      this.#problem = error;
      this.#wake();
    });
  }

  /** Resolves on the next change, or after so many milliseconds; rejects when the watch has failed. */
  async changed(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, this.#problem === undefined ? milliseconds : 0);
    });
    clearTimeout(timer);
    if (this.#problem !== undefined) throw this.#problem;
  }

  stop(): void {
    this.#abort.abort();
  }
}
