/** The ways in, each opened when asked for, checked and announced before anything is created, and closed together. */
import type { Cluster } from '../cluster/cluster.ts';
import type { Access, Opened } from '../facts/observe/access.ts';
import { openEphemeral } from './ephemeral.ts';
import { execVantage } from './exec.ts';
import { likeliestImage } from './image.ts';
import { localVantage } from './local.ts';
import { openNodePod } from './node-pod.ts';
import { mayAddEphemeral, mayExec, mayMakeNodePod } from './permission.ts';
import { type Node, type Pod, runningContainers } from './pod.ts';
import type { Vantage, VantageKind } from './vantage.ts';

export interface OpeningOptions {
  /** Namespaces in which node pods may be made: the first that allows it. */
  readonly namespaces: readonly string[];
  /** Id of this run of kmcast. */
  readonly run: string;
  /** `--vantage`: this one or none. */
  readonly force?: VantageKind;
  /** False with `--no-privileged`: no node pod. */
  readonly privileged: boolean;
  /** `--dry-run`: nothing is created or run; what would be is announced. */
  readonly dryRun: boolean;
  /** `--image`. */
  readonly image?: string;
  /** Seconds until what is created ends by itself. */
  readonly seconds: number;
  readonly announce: (text: string) => void;
  readonly signal: AbortSignal;
}

const DRY_RUN = '--dry-run: nothing is created or run';

export class Openings implements Access {
  readonly #cluster: Cluster;
  readonly #options: OpeningOptions;
  readonly #nodePods = new Map<string, Promise<Opened>>();
  readonly #opened: Promise<Opened>[] = [];
  /** In a dry run: UIDs of pods and names of nodes that would be looked into. */
  readonly #foreseen = new Set<string>();

  constructor(cluster: Cluster, options: OpeningOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  exec(pod: Pod, container?: string): Promise<Opened> {
    return this.#attempt('exec', async () => {
      const { name, namespace = '' } = pod.metadata;
      const running = runningContainers(pod);
      const containers = container === undefined ? running : running.filter((c) => c === container);
      if (containers.length === 0)
        return refuse(
          `no container of pod ${name} is running${container === undefined ? '' : ` by the name ${container}`}`,
        );
      const denied = await mayExec(this.#cluster, namespace);
      if (denied !== undefined) return refuse(denied);
      if (this.#options.dryRun) {
        this.#foreseen.add(pod.metadata.uid ?? '');
        return this.#wouldDo(`run a reading agent in pod ${namespace}/${name} by exec`);
      }
      return { vantage: execVantage(this.#cluster, namespace, name, containers) };
    });
  }

  /** One for each node, whoever asks. */
  nodePod(node: string): Promise<Opened> {
    const opened = this.#nodePods.get(node) ?? this.#attempt('node-pod', () => this.#makeNodePod(node));
    this.#nodePods.set(node, opened);
    return opened;
  }

  ephemeral(pod: Pod): Promise<Opened> {
    const opened = this.#attempt('ephemeral', async () => {
      const { name, namespace = '' } = pod.metadata;
      const denied = await mayAddEphemeral(this.#cluster, namespace);
      if (denied !== undefined) return refuse(denied);
      if (this.#options.dryRun) {
        // It comes last: not where the node pod looks, and only where no agent runs by exec.
        if (this.#foreseen.has(pod.spec.nodeName ?? '')) return refuse(DRY_RUN);
        const condition = this.#foreseen.has(pod.metadata.uid ?? '') ? ', if no agent runs there,' : '';
        const what = `add an ephemeral container to pod ${namespace}/${name}, whose entry Kubernetes keeps`;
        return this.#wouldDo(what, condition);
      }
      const { seconds, announce, signal } = this.#options;
      const image = this.#options.image ?? (await this.#imageThere(pod.spec.nodeName));
      return {
        vantage: await openEphemeral(this.#cluster, {
          namespace,
          pod: name,
          announce,
          seconds,
          signal,
          ...(image === undefined ? {} : { image }),
        }),
      };
    });
    this.#opened.push(opened);
    return opened;
  }

  local(): Promise<Opened> {
    return this.#attempt('local', async () => ({ vantage: localVantage() }));
  }

  /** Removes all that was created, also what is still being created. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled([...this.#nodePods.values(), ...this.#opened]);
    const vantages = opened.flatMap((end): Vantage[] =>
      end.status === 'fulfilled' && 'vantage' in end.value ? [end.value.vantage] : [],
    );
    const ends = await Promise.allSettled(vantages.map((vantage) => vantage.close()));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #makeNodePod(node: string): Promise<Opened> {
    const { namespaces, privileged, dryRun, image, run, seconds, announce, signal } = this.#options;
    if (!privileged) return refuse('a node pod is privileged, and --no-privileged was given');
    const reasons: string[] = [];
    const answers = await Promise.all(
      namespaces.map(async (namespace) => ({ namespace, denied: await mayMakeNodePod(this.#cluster, namespace) })),
    );
    for (const { namespace, denied } of answers) {
      if (denied !== undefined) {
        reasons.push(denied);
        continue;
      }
      if (dryRun) {
        this.#foreseen.add(node);
        return this.#wouldDo(`create a privileged pod on node ${node} in namespace ${namespace}`);
      }
      return {
        vantage: await openNodePod(this.#cluster, {
          node,
          namespace,
          run,
          seconds,
          announce,
          signal,
          ...(image === undefined ? {} : { image }),
        }),
      };
    }
    // The same is missing in most namespaces: one in full is what an administrator needs.
    const others = namespaces.slice(1);
    return refuse(`${reasons[0]}${others.length === 0 ? '' : ` (nor may it be made in ${others.join(', ')})`}`);
  }

  async #attempt(kind: VantageKind, open: () => Promise<Opened>): Promise<Opened> {
    const { force, signal } = this.#options;
    if (force !== undefined && force !== kind) return refuse(`--vantage ${force} was asked for`);
    try {
      return await open();
    } catch (error) {
      signal.throwIfAborted();
      return refuse(error instanceof Error ? error.message : String(error));
    }
  }

  /** An image that needs no pull; where nodes may not be read, the documented default has to do. */
  async #imageThere(node: string | undefined): Promise<string | undefined> {
    if (node === undefined) return undefined;
    const object = await this.#cluster.get<Node>(`/api/v1/nodes/${encodeURIComponent(node)}`).catch(() => undefined);
    return likeliestImage(object);
  }

  #wouldDo(what: string, condition = ''): Opened {
    this.#options.announce(`would${condition} ${what}`);
    return refuse(DRY_RUN);
  }
}

function refuse(reason: string): Opened {
  return { refused: reason };
}
