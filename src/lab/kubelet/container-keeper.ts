/** Keeps one container of a pod running, as its restart policy says (pkg/kubelet/kuberuntime). */
import { mkdirSync } from 'node:fs';
import { ContainerEvents } from './container-events.ts';
import { type ContainerStatus, isRunning, newStatus, now, type Terminated } from './container-status.ts';
import type { PodContext } from './context.ts';
import { runHook } from './hooks.ts';
import { imageFor, Waiting } from './image-check.ts';
import { LogFile } from './log-file.ts';
import { logFolder, onNode } from './paths.ts';
import { watchProbes } from './probes.ts';
import { type CreatedContainer, createFrom } from './start-container.ts';
import { terminationMessage } from './termination-message.ts';
import type { Container } from './types.ts';
import { wait } from './wait.ts';

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/** Milliseconds: before the first restart; the longest back-off; how long a container runs to be thought sound. */
const FIRST = 1000;
const LONGEST = 300_000;
const SOUND = 600_000;
/** Milliseconds until what is wrong with a manifest or an image is looked at anew. */
const RETRY = 2000;

export class ContainerKeeper {
  readonly status: ContainerStatus;
  /** One for each start, the newest last. */
  readonly logs: LogFile[] = [];
  /** What runs, while it runs. */
  current: CreatedContainer | undefined;
  /** Resolves with each start. */
  #context: PodContext | undefined;
  readonly #spec: () => Container;
  readonly #changed: () => void;

  constructor(spec: () => Container, changed: () => void, reason: string) {
    this.#spec = spec;
    this.#changed = changed;
    this.status = newStatus(spec().name, spec().image, reason);
  }

  get spec(): Container {
    return this.#spec();
  }

  /** Resolves when it has ended for good, or could not go on before the signal. */
  async run(
    context: PodContext,
    policy: RestartPolicy,
    signal: AbortSignal,
    target?: () => number | undefined,
  ): Promise<void> {
    this.#context = context;
    const events = new ContainerEvents(context, this.spec.name);
    let pause = 0;
    while (!signal.aborted) {
      const began = Date.now();
      const code = await this.#once(context, events, signal, target?.());
      if (code === undefined) {
        await wait(RETRY, signal);
        continue;
      }
      if (signal.aborted || policy === 'Never' || (policy === 'OnFailure' && code === 0)) return;
      if (Date.now() - began > SOUND) pause = 0;
      if (pause === 0) await wait(FIRST, signal);
      else {
        this.#waitFor(events.backOff(pause));
        await wait(pause, signal);
      }
      if (signal.aborted) return;
      pause = pause === 0 ? context.kubelet.backoff : Math.min(2 * pause, LONGEST);
      this.status.restartCount += 1;
    }
  }

  /** SIGTERM, then SIGKILL after the time or at once when `force` is given. */
  async stop(grace: number, force: AbortSignal, why?: string): Promise<void> {
    const { current } = this;
    if (current === undefined) return;
    const { name } = this.spec;
    this.#context?.kubelet.event(this.#context.pod(), 'Normal', 'Killing', why ?? `Stopping container ${name}`);
    const over = Promise.race([current.process.ended, wait(grace, force)]);
    if (grace > 0 && this.#context) await Promise.race([runHook(this.#context, this.spec, current, 'preStop'), over]);
    current.process.kill('SIGTERM');
    await over;
    current.process.kill('SIGKILL');
    await current.process.ended;
  }

  /** The exit status; undefined when there was nothing to run. */
  async #once(
    context: PodContext,
    events: ContainerEvents,
    signal: AbortSignal,
    target?: number,
  ): Promise<number | undefined> {
    const container = this.spec;
    this.status.image = container.image;
    let created: CreatedContainer;
    try {
      const image = await imageFor(context.kubelet.node, container);
      events.pulled(container.image);
      created = await createFrom(context, container, image, target);
      this.status.imageID = image.id;
    } catch (error) {
      if (signal.aborted) return undefined;
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof Waiting) {
        this.#waitFor(events.cannot(container.image, error));
        return undefined;
      }
      return this.#startError(events, message);
    }
    if (signal.aborted) created.process.kill('SIGKILL');
    events.started(created);
    return this.#follow(context, created, signal);
  }

  /** Runs what was created to its end. */
  async #follow(context: PodContext, created: CreatedContainer, signal: AbortSignal): Promise<number> {
    const container = this.spec;
    const log = this.#newLog(context);
    log.follow(created.process.stdout, 'stdout');
    log.follow(created.process.stderr, 'stderr');
    const startedAt = now();
    const containerID = `containerd://${created.id}`;
    const { status } = this;
    if ('terminated' in status.state) status.lastState = { terminated: status.state.terminated };
    status.containerID = containerID;
    this.current = created;
    created.process.start();
    const probes = this.#begin(context, created, startedAt);
    const end = await created.process.ended;
    void probes.then((watched) => watched?.abort());
    const message = await terminationMessage(container, created.terminationLog, log, end.code !== 0);
    log.close();
    this.current = undefined;
    this.#end({
      exitCode: end.code,
      ...(end.signal !== undefined && end.signal === end.code && { signal: end.signal }),
      reason: end.code === 0 ? 'Completed' : 'Error',
      ...(message !== undefined && { message }),
      startedAt,
      finishedAt: now(),
      containerID,
    });
    await created.remove();
    return signal.aborted ? 0 : end.code;
  }

  /** It is running once its first hook has ended well; probes begin then. */
  async #begin(
    context: PodContext,
    created: CreatedContainer,
    startedAt: string,
  ): Promise<AbortController | undefined> {
    const container = this.spec;
    const isWell =
      container.lifecycle?.postStart === undefined || (await runHook(context, container, created, 'postStart'));
    if (this.current !== created) return undefined;
    if (!isWell) {
      created.process.kill('SIGKILL');
      return undefined;
    }
    const { status } = this;
    status.state = { running: { startedAt } };
    status.started = container.startupProbe === undefined;
    status.ready = status.started && container.readinessProbe === undefined;
    this.#changed();
    return watchProbes(context, this, created, this.#changed);
  }

  #startError(events: ContainerEvents, why: string): number {
    const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ${why}: unknown`;
    events.notStarted(message);
    const epoch = '1970-01-01T00:00:00Z';
    this.status.lastState = {
      terminated: { exitCode: 128, reason: 'StartError', message, startedAt: epoch, finishedAt: now() },
    };
    this.#waitFor({ reason: 'RunContainerError', message });
    return 128;
  }

  #end(terminated: Terminated): void {
    Object.assign(this.status, { state: { terminated }, ready: false, started: false });
    this.#changed();
  }

  #waitFor(waiting: { reason: string; message: string }): void {
    const { status } = this;
    if ('terminated' in status.state) status.lastState = { terminated: status.state.terminated };
    Object.assign(status, { state: { waiting }, ready: false, started: false });
    this.#changed();
  }

  #newLog(context: PodContext): LogFile {
    const folder = onNode(context.kubelet.node, `${logFolder(context.pod())}/${this.spec.name}`);
    mkdirSync(folder, { recursive: true });
    const log = new LogFile(`${folder}/${this.status.restartCount}.log`);
    this.logs.push(log);
    return log;
  }

  get running(): boolean {
    return isRunning(this.status);
  }
}
