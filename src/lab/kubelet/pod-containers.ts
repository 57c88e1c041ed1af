/** The containers of a pod: init containers one after the other, then the others at once, and ephemeral ones as they come. */

import type { KubeObject } from '../object.ts';
import { ContainerKeeper } from './container-keeper.ts';
import type { PodContext } from './context.ts';
import type { Container, PodSpec } from './types.ts';
import { wait } from './wait.ts';

const STARTED_CHECK = 50;

export class PodContainers {
  readonly init: readonly ContainerKeeper[];
  readonly main: readonly ContainerKeeper[];
  readonly ephemeral: ContainerKeeper[] = [];
  /** Init containers are done. */
  initialized = false;
  readonly #pod: () => KubeObject;
  readonly #changed: () => void;
  readonly #side: Promise<void>[] = [];

  constructor(pod: () => KubeObject, changed: () => void) {
    this.#pod = pod;
    this.#changed = changed;
    const { initContainers = [], containers } = this.#spec;
    const first = initContainers.length > 0;
    this.init = initContainers.map(({ name }) => this.#keeper('initContainers', name, 'PodInitializing'));
    this.main = containers.map(({ name }) =>
      this.#keeper('containers', name, first ? 'PodInitializing' : 'ContainerCreating'),
    );
    this.initialized = !first;
  }

  get all(): readonly ContainerKeeper[] {
    return [...this.init, ...this.main, ...this.ephemeral];
  }

  find(name: string): ContainerKeeper | undefined {
    return this.all.find(({ status }) => status.name === name);
  }

  /** Resolves when none of the main ones will run again. */
  async run(context: PodContext, signal: AbortSignal): Promise<void> {
    const policy = this.#spec.restartPolicy ?? 'Always';
    for (const keeper of this.init) {
      if (keeper.spec.restartPolicy === 'Always') {
        this.#side.push(keeper.run(context, 'Always', signal));
        while (!keeper.status.started && !signal.aborted) await wait(STARTED_CHECK, signal);
      } else {
        await keeper.run(context, policy === 'Never' ? 'Never' : 'OnFailure', signal);
        const { state } = keeper.status;
        if (signal.aborted || !('terminated' in state) || state.terminated.exitCode !== 0) return;
        keeper.status.ready = true;
      }
    }
    if (signal.aborted) return;
    this.initialized = true;
    this.addEphemeral(context, signal);
    await Promise.all(this.main.map((keeper) => keeper.run(context, policy, signal)));
  }

  /** Starts those ephemeral containers of the manifest that are new. */
  addEphemeral(context: PodContext, signal: AbortSignal): void {
    for (const { name, targetContainerName } of this.#spec.ephemeralContainers ?? []) {
      if (this.ephemeral.some(({ status }) => status.name === name)) continue;
      const keeper = this.#keeper('ephemeralContainers', name, 'ContainerCreating');
      this.ephemeral.push(keeper);
      const target =
        targetContainerName === undefined ? undefined : () => this.find(targetContainerName)?.current?.process.pid;
      this.#side.push(keeper.run(context, 'Never', signal, target));
    }
    this.#changed();
  }

  /** Ends all that run. */
  async stop(grace: number, force: AbortSignal): Promise<void> {
    await Promise.all(this.all.map((keeper) => keeper.stop(grace, force)));
  }

  /** Sidecars and ephemeral containers have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#side);
  }

  get #spec(): PodSpec {
    return this.#pod().spec;
  }

  #keeper(
    list: 'containers' | 'initContainers' | 'ephemeralContainers',
    name: string,
    reason: string,
  ): ContainerKeeper {
    let last: Container | undefined;
    const spec = () => {
      last = this.#spec[list]?.find((container) => container.name === name) ?? last;
      if (last === undefined) throw new Error(`pod ${this.#pod().metadata.name} has no container ${name}`);
      return last;
    };
    return new ContainerKeeper(spec, this.#changed, reason);
  }
}
