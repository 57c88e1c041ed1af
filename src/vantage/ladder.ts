/** Chooses how to get in: with the least privilege that does, checked and announced before anything is created. */
import type { Enter } from '../agent/protocol.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { openEphemeral } from './ephemeral.ts';
import { execVantage } from './exec.ts';
import { lookProblem } from './look-problem.ts';
import { openNodePod } from './node-pod.ts';
import { mayAddEphemeral, mayExec, mayMakeNodePod } from './permission.ts';
import { containerIds, type Pod, runningContainers } from './pod.ts';
import type { Vantage, VantageKind } from './vantage.ts';

export interface LadderOptions {
  /** Namespace for node pods. */
  readonly namespace: string;
  /** Id of this run of kmcast. */
  readonly run: string;
  /** `--vantage`: this one or none. */
  readonly force?: Exclude<VantageKind, 'local'>;
  /** False with `--no-privileged`: no node pod. */
  readonly privileged: boolean;
  /** `--dry-run`: nothing is created; what would be is announced. */
  readonly dryRun: boolean;
  /** `--image`. */
  readonly image?: string;
  /** Seconds until what is created ends by itself; must be above the jobs' deadlines. */
  readonly seconds?: number;
  /** Told before anything is created. */
  readonly announce: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** A rung that was not taken, and why. */
export interface Refusal {
  readonly kind: VantageKind;
  readonly reason: string;
}

/** A way in, with what a job's place must `enter` there; or none, and why. */
export interface Choice {
  readonly vantage?: Vantage;
  readonly enter: Enter;
  readonly refused: readonly Refusal[];
}

/** What a vantage must be able to do: `read` files and run programs, or also `look` at the wire. */
export type Need = 'read' | 'look';

const ORDER = ['exec', 'node-pod', 'ephemeral'] as const;

/** Opens vantages and closes all of them. One node pod serves all that is asked of its node. */
export class Ladder {
  readonly #cluster: Cluster;
  readonly #options: LadderOptions;
  readonly #nodePods = new Map<string, Promise<Vantage | Refusal>>();
  readonly #opened: Vantage[] = [];

  constructor(cluster: Cluster, options: LadderOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  /** The best way into a pod's network namespace. A node pod that is there already is taken first: it costs nothing more. */
  async forPod(pod: Pod, need: Need): Promise<Choice> {
    const refused: Refusal[] = [];
    const node = pod.spec.nodeName;
    const ready = node !== undefined && this.#nodePods.has(node);
    for (const kind of ready ? (['node-pod', 'exec', 'ephemeral'] as const) : ORDER) {
      const answer = await this.#rung(kind, pod, need);
      if (!('reason' in answer)) return { vantage: answer, enter: kind === 'node-pod' ? enterPod(pod) : HERE, refused };
      refused.push(answer);
    }
    return { enter: HERE, refused };
  }

  /** The way into a node's own network namespace, and into those of its pods: a node pod. */
  async forNode(node: string): Promise<Choice> {
    const answer = await this.#attempt('node-pod', () => this.#nodePod(node));
    return 'reason' in answer ? { enter: NODE, refused: [answer] } : { vantage: answer, enter: NODE, refused: [] };
  }

  /** Removes all that was created; also what is still being created. */
  async close(): Promise<void> {
    const pods = await Promise.allSettled(this.#nodePods.values());
    const made = pods.flatMap((pod) => (pod.status === 'fulfilled' && !('reason' in pod.value) ? [pod.value] : []));
    const vantages = [...this.#opened, ...made];
    const ends = await Promise.allSettled(vantages.map((vantage) => vantage.close()));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  #rung(kind: (typeof ORDER)[number], pod: Pod, need: Need): Promise<Vantage | Refusal> {
    return this.#attempt(kind, () => {
      if (kind === 'exec') return this.#exec(pod, need);
      if (kind === 'ephemeral') return this.#ephemeral(pod);
      if (pod.spec.nodeName === undefined) return refuse(kind, `pod ${pod.metadata.name} is not on a node yet`);
      return this.#nodePod(pod.spec.nodeName);
    });
  }

  async #attempt(kind: VantageKind, open: () => Promise<Vantage | Refusal>): Promise<Vantage | Refusal> {
    const { force, signal } = this.#options;
    if (force !== undefined && force !== kind) return refuse(kind, `--vantage ${force} was asked for`);
    try {
      return await open();
    } catch (error) {
      if (signal?.aborted) throw error;
      return refuse(kind, error instanceof Error ? error.message : String(error));
    }
  }

  async #exec(pod: Pod, need: Need): Promise<Vantage | Refusal> {
    const { name, namespace = '' } = pod.metadata;
    const containers = runningContainers(pod);
    if (containers.length === 0) return refuse('exec', `no container of pod ${name} is running`);
    const denied = await mayExec(this.#cluster, namespace);
    if (denied) return refuse('exec', denied);
    const vantage = execVantage(this.#cluster, namespace, name, containers);
    const problem = await lookProblem(vantage, need, this.#options.signal);
    return problem === undefined ? vantage : refuse('exec', problem);
  }

  #nodePod(node: string): Promise<Vantage | Refusal> {
    const known = this.#nodePods.get(node) ?? this.#attempt('node-pod', () => this.#makeNodePod(node));
    this.#nodePods.set(node, known);
    return known;
  }

  async #makeNodePod(node: string): Promise<Vantage | Refusal> {
    const { namespace, run, image, seconds, announce, signal, privileged, dryRun } = this.#options;
    if (!privileged) return refuse('node-pod', 'it is privileged, and --no-privileged was given');
    const denied = await mayMakeNodePod(this.#cluster, namespace);
    if (denied) return refuse('node-pod', denied);
    if (dryRun) {
      announce(`would create a privileged pod on node ${node} in namespace ${namespace}`);
      return refuse('node-pod', '--dry-run: nothing is created');
    }
    const optional = { ...(image ? { image } : {}), ...(seconds ? { seconds } : {}), ...(signal ? { signal } : {}) };
    return openNodePod(this.#cluster, { node, namespace, run, announce, ...optional });
  }

  async #ephemeral(pod: Pod): Promise<Vantage | Refusal> {
    const { image, seconds, announce, signal, dryRun } = this.#options;
    const { name, namespace = '' } = pod.metadata;
    const denied = await mayAddEphemeral(this.#cluster, namespace);
    if (denied) return refuse('ephemeral', denied);
    if (dryRun) {
      announce(`would add an ephemeral container to pod ${namespace}/${name}, whose entry Kubernetes keeps`);
      return refuse('ephemeral', '--dry-run: nothing is created');
    }
    const optional = { ...(image ? { image } : {}), ...(seconds ? { seconds } : {}), ...(signal ? { signal } : {}) };
    const vantage = await openEphemeral(this.#cluster, { namespace, pod: name, announce, ...optional });
    this.#opened.push(vantage);
    return vantage;
  }
}

const HERE: Enter = { kind: 'here' };
const NODE: Enter = { kind: 'node' };

/** How an agent in a node pod finds this pod's network namespace. A pod of the host's network has the node's. */
export function enterPod(pod: Pod): Enter {
  const { name, namespace = '', uid = '' } = pod.metadata;
  if (pod.spec.hostNetwork === true) return NODE;
  return { kind: 'pod', containers: containerIds(pod), uid, name, namespace };
}

async function refuse(kind: VantageKind, reason: string): Promise<Refusal> {
  return { kind, reason };
}
