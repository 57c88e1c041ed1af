/** Making the throw-away pods, and removing them whatever happens. */
import type { Cluster } from '../cluster/cluster.ts';
import type { PodObject } from '../facts/api/pod.ts';
import type { Access, Opened } from '../facts/observe/access.ts';
import { execVantage } from '../vantage/exec.ts';
import { agentImageRounds, type Candidate } from '../vantage/image.ts';
import { type JobPod, openJobPod } from '../vantage/job-pod.ts';
import { localVantage } from '../vantage/local.ts';
import { readNode } from '../vantage/read-node.ts';
import type { Vantage } from '../vantage/vantage.ts';
import type { Placement } from './placement.ts';
import { plainPodJob } from './pod-job.ts';

/** A pod that runs and can be entered. */
export interface OwnPod {
  readonly placement: Placement;
  /** With its status, so that its addresses are known. */
  readonly pod: PodObject;
  readonly image: string;
  readonly vantage: Vantage;
}

/** A pod that could not be had, and why. */
export interface NoPod {
  readonly placement: Placement;
  readonly refused: string;
}

export interface OwnPodsOptions {
  readonly run: string;
  /** `--image`. */
  readonly image?: string;
  /** Seconds until the cluster itself ends the pods. */
  readonly seconds: number;
  /** User that pods of a namespace run as. */
  readonly user: (namespace: string) => number;
  readonly signal: AbortSignal;
}

/** Milliseconds that the status of a pod that runs may be late. */
const STATUS = 5000;

/** The ways into these pods are the only ways in: nothing else is ever entered for a conformance test. */
export class OwnPods implements Access {
  readonly #cluster: Cluster;
  readonly #options: OwnPodsOptions;
  readonly #opening: Promise<JobPod>[] = [];
  readonly #vantages = new Map<string, Vantage>();

  constructor(cluster: Cluster, options: OwnPodsOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  /** Makes all of them at once; on each node the first one finds an image for the others. */
  async make(placements: readonly Placement[]): Promise<(OwnPod | NoPod)[]> {
    const nodes = [...new Set(placements.map(({ node }) => node))];
    const made = await Promise.all(
      nodes.map((name) =>
        this.#makeOn(
          name,
          placements.filter(({ node }) => node === name),
        ),
      ),
    );
    return placements.map((placement) => made.flat().find((one) => one.placement === placement)!);
  }

  async exec({ metadata }: PodObject): Promise<Opened> {
    const vantage = this.#vantages.get(metadata.uid ?? '');
    return vantage === undefined ? { refused: `pod ${metadata.name} is not one of this test` } : { vantage };
  }

  async nodePod(): Promise<Opened> {
    return NO_OTHER_WAY;
  }

  async ephemeral(): Promise<Opened> {
    return NO_OTHER_WAY;
  }

  async local(): Promise<Opened> {
    return { vantage: localVantage() };
  }

  /** Removes all that was made, also what is still being made. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#opening);
    const ends = await Promise.allSettled(
      opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)),
    );
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #makeOn(node: string, placements: readonly Placement[]): Promise<(OwnPod | NoPod)[]> {
    const [first, ...others] = placements;
    if (first === undefined) return [];
    let rounds: readonly (readonly Candidate[])[];
    try {
      rounds = agentImageRounds(this.#options.image, await readNode(this.#cluster, node, first.namespace));
    } catch (error) {
      this.#options.signal.throwIfAborted();
      return placements.map((placement) => ({ placement, refused: wordsOf(error) }));
    }
    let found: Candidate | undefined;
    const scout = await this.#makeOne(first, rounds, (candidate) => {
      found = candidate;
    });
    const known = found === undefined ? rounds : [[found]];
    return [scout, ...(await Promise.all(others.map((placement) => this.#makeOne(placement, known))))];
  }

  async #makeOne(
    placement: Placement,
    rounds: readonly (readonly Candidate[])[],
    onImage: (candidate: Candidate) => void = () => undefined,
  ): Promise<OwnPod | NoPod> {
    const { run, seconds, signal, user } = this.#options;
    const { node, namespace, hostNetwork } = placement;
    const opening = openJobPod(this.#cluster, {
      node,
      namespace,
      seconds,
      rounds,
      signal,
      job: (name, candidates) =>
        plainPodJob({ name, namespace, node, run, seconds, hostNetwork, user: user(namespace), candidates }),
      announce: () => undefined,
    });
    this.#opening.push(opening);
    try {
      const opened = await opening;
      onImage(opened.candidate);
      const pod = await withStatus(opened);
      const vantage = execVantage(this.#cluster, namespace, pod.metadata.name, [opened.container]);
      this.#vantages.set(pod.metadata.uid ?? '', vantage);
      return { placement, pod, image: opened.candidate.image, vantage };
    } catch (error) {
      signal.throwIfAborted();
      return { placement, refused: wordsOf(error) };
    }
  }
}

const NO_OTHER_WAY = { refused: 'a conformance test enters its own pods alone' };

/** Waits for the addresses: the kubelet tells the API of them a moment after the container has started. */
async function withStatus({ pod, follower }: JobPod): Promise<PodObject> {
  const until = Date.now() + STATUS;
  const latest = () => follower.pod ?? pod;
  while ((latest().status?.podIPs ?? []).length === 0 && Date.now() < until) await follower.changed(100);
  const { metadata, spec, status } = latest();
  return { metadata, spec, status: { podIPs: status?.podIPs ?? [] } };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
