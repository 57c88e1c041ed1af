/** One pod on its node, from its arrival to its end (pkg/kubelet/pod_workers.go). */
import { rm } from 'node:fs/promises';
import type { KubeObject } from '../object.ts';
import { StatusError } from '../store.ts';
import { now } from './container-status.ts';
import type { KubeletContext } from './context.ts';
import { logFolder, onNode, PODS } from './paths.ts';
import { PodContainers } from './pod-containers.ts';
import { type ReadyPod, readySandbox } from './pod-sandbox.ts';
import { type PodFacts, phaseOf, podStatus } from './pod-status.ts';
import { forbiddenSysctl } from './sysctls.ts';
import type { PodSpec } from './types.ts';
import { aborted } from './wait.ts';

const NETWORK_STATUS = 'k8s.v1.cni.cncf.io/network-status';

export class PodWorker {
  readonly uid: string;
  readonly containers: PodContainers;
  /** Resolves when nothing of the pod is left. */
  readonly done: Promise<void>;
  #pod: KubeObject;
  #ready: ReadyPod | undefined;
  #failed: PodFacts['failed'];
  readonly #startTime = now();
  readonly #kubelet: KubeletContext;
  /** No container is to be started any more; the pod is to go from the node; what still runs is killed. */
  readonly #ending = new AbortController();
  readonly #removed = new AbortController();
  readonly #force = new AbortController();
  #grace: number | undefined;
  #publishing = false;
  #over = false;

  /** @param former another pod of the same name that has not gone yet */
  constructor(kubelet: KubeletContext, pod: KubeObject, former: Promise<void>) {
    this.uid = pod.metadata.uid;
    this.#kubelet = kubelet;
    this.#pod = pod;
    this.containers = new PodContainers(
      () => this.#pod,
      () => this.#changed(),
    );
    this.done = former.then(() => this.#live());
  }

  get pod(): KubeObject {
    return this.#pod;
  }

  /** The pod has changed: new ephemeral containers, a deletion. */
  update(pod: KubeObject): void {
    this.#pod = pod;
    const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
    if (deletionTimestamp !== undefined) this.remove(deletionGracePeriodSeconds);
    else if (this.#ready && !this.#ending.signal.aborted)
      this.containers.addEphemeral(this.#ready, this.#ending.signal);
  }

  /** Ends the pod within the time, in seconds. A shorter time replaces a longer one. */
  remove(grace: number): void {
    if (this.#grace !== undefined && grace >= this.#grace) return;
    if (this.#grace !== undefined) setTimeout(() => this.#force.abort(), grace * 1000).unref();
    this.#grace = grace;
    this.#removed.abort();
    this.#ending.abort();
  }

  async #live(): Promise<void> {
    const deadline = this.#deadline();
    const refused = forbiddenSysctl(this.#pod, this.#kubelet.allowedSysctls);
    if (refused !== undefined) this.#refuse('SysctlForbidden', refused);
    else if (!this.#ending.signal.aborted) await this.#run().catch((error: unknown) => this.#giveUp(error));
    clearTimeout(deadline);
    await aborted(this.#removed.signal);
    for (const folder of [`${PODS}/${this.uid}`, logFolder(this.#pod)]) {
      await rm(onNode(this.#kubelet.node, folder), { recursive: true, force: true }).catch(() => {});
    }
    const { name, namespace } = this.#pod.metadata;
    this.#kubelet.store.purge('pods', namespace, name, this.uid);
  }

  async #run(): Promise<void> {
    this.#changed();
    const { signal } = this.#ending;
    this.#ready = await readySandbox(this.#kubelet, () => this.#pod, signal);
    if (this.#ready === undefined) return;
    const { networkStatus } = this.#ready;
    if (networkStatus !== undefined) this.#annotate(networkStatus);
    this.#changed();
    const ran = this.containers.run(this.#ready, signal);
    await Promise.race([ran, aborted(signal)]);
    this.#ending.abort();
    const grace = this.#grace ?? (this.#pod.spec as PodSpec).terminationGracePeriodSeconds ?? 30;
    // What was about to start when the signal came is there only when its run has returned.
    await Promise.all([ran, this.containers.stop(grace * 1000, this.#force.signal)]);
    await this.containers.stop(0, this.#force.signal);
    await this.containers.settled();
    const ready = this.#ready;
    this.#ready = undefined;
    await ready.release();
    this.#over = true;
    this.#publish(ready);
  }

  /** Something that no pod should bring about, such as a node whose processes are gone. */
  #giveUp(error: unknown): void {
    const message = `error syncing pod: ${error instanceof Error ? error.message : String(error)}`;
    this.#failed = { reason: 'FailedSync', message };
    this.#kubelet.event(this.#pod, 'Warning', 'FailedSync', message);
    this.#publish(this.#ready);
  }

  /** activeDeadlineSeconds: the pod's time from its start. */
  #deadline(): NodeJS.Timeout | undefined {
    const seconds = (this.#pod.spec as PodSpec).activeDeadlineSeconds;
    if (seconds === undefined) return undefined;
    const timer = setTimeout(() => {
      const message = 'Pod was active on the node longer than the specified deadline';
      this.#failed = { reason: 'DeadlineExceeded', message };
      this.#kubelet.event(this.#pod, 'Normal', 'DeadlineExceeded', message);
      this.#ending.abort();
    }, seconds * 1000);
    return timer.unref();
  }

  #refuse(reason: string, message: string): void {
    this.#kubelet.event(this.#pod, 'Warning', reason, message);
    this.#write((pod) => {
      const { qosClass } = pod.status ?? {};
      pod.status = {
        phase: 'Failed',
        reason,
        message: `Pod was rejected: ${message}`,
        qosClass,
        startTime: this.#startTime,
      };
    });
  }

  #annotate(networkStatus: string): void {
    this.#write((pod) => {
      pod.metadata.annotations = { ...pod.metadata.annotations, [NETWORK_STATUS]: networkStatus };
    });
  }

  /** Several changes of one turn are written once. */
  #changed(): void {
    if (this.#publishing) return;
    this.#publishing = true;
    queueMicrotask(() => {
      this.#publishing = false;
      this.#publish(this.#ready);
    });
  }

  #publish(ready: ReadyPod | undefined): void {
    const facts = this.#facts(ready);
    this.#write((pod) => {
      // A pod that is over stays so.
      if (phaseOf(facts) === 'Pending' && /Succeeded|Failed/.test(pod.status?.phase)) return;
      pod.status = { ...pod.status, ...podStatus(facts, pod.status?.conditions ?? [], now()) };
    });
  }

  #facts(ready: ReadyPod | undefined): PodFacts {
    const { init, main, ephemeral, initialized } = this.containers;
    const statuses = (keepers: typeof init) => keepers.map(({ status }) => structuredClone(status));
    return {
      restartPolicy: (this.#pod.spec as PodSpec).restartPolicy ?? 'Always',
      init: statuses(init),
      containers: statuses(main),
      ephemeral: statuses(ephemeral),
      sandbox: this.#ready !== undefined,
      initialized,
      over: this.#over,
      addresses: ready?.addresses ?? [],
      hostIP: this.#kubelet.node.lan,
      startTime: this.#startTime,
      ...(this.#failed && { failed: this.#failed }),
    };
  }

  #write(change: (pod: KubeObject) => void): void {
    const { name, namespace } = this.#pod.metadata;
    try {
      this.#kubelet.store.mutate('pods', namespace, name, (pod) => {
        if (pod.metadata.uid === this.uid) change(pod);
      });
    } catch (error) {
      // The pod has been taken out of the store meanwhile.
      if (!(error instanceof StatusError)) throw error;
    }
  }
}
