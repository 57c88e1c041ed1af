/** From a crew and its job to what every agent left: made, mustered, told to begin by being deleted, and gone. */
import { randomBytes } from 'node:crypto';
import { fleetProgram } from '../agent/programs.ts';
import { type Cluster, ClusterError } from '../cluster/cluster.ts';
import type { FleetJob } from './fleet-job.ts';
import { gather } from './gather.ts';
import type { Crew } from './manifest.ts';
import { muster } from './muster.ts';
import type { FleetResult } from './result.ts';
import { makeWorkload, type WorkloadKind } from './workload.ts';

export interface FleetRun {
  readonly cluster: Cluster;
  readonly kind: WorkloadKind;
  readonly crew: Crew;
  readonly job: FleetJob;
  /** Agents that can become ready. */
  readonly expected: number;
  readonly namespace: string;
  /** Id of this run of kmcast, for labels. */
  readonly label: string;
  /** Seconds until the cluster itself removes what was made. */
  readonly seconds: number;
  /** Told before anything is made. */
  readonly announce: (name: string) => void;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
  /** Has something removed in whatever way it ends. */
  readonly removing: (close: () => Promise<void>) => void;
}

export interface FleetSeen {
  /** Of what made the pods. */
  readonly name: string;
  readonly ready: number;
  /** By the name of the end; a sentence where there is no result. */
  readonly results: ReadonlyMap<string, FleetResult | string>;
}

/** Milliseconds without one more agent: where the image is there, and where it is pulled. */
const START_TIME = 20_000;
const PULL_TIME = 120_000;

/** Throws ClusterError where no agent could be run. */
export async function runFleet(run: FleetRun): Promise<FleetSeen> {
  const { cluster, kind, crew, job, expected, namespace, label, seconds, progress, signal } = run;
  const name = `kmcast-${randomBytes(4).toString('hex')}`;
  run.announce(name);
  const files = { program: fleetProgram(), job };
  const making = makeWorkload(cluster, { name, namespace, run: label, seconds }, crew, kind, files);
  run.removing(async () => (await making.catch(() => undefined))?.close());
  const workload = await making;
  const patience = crew.pullPolicy === 'Never' ? START_TIME : PULL_TIME;
  const { ready, missing } = await muster(cluster, workload, { expected, patience, progress, signal });
  if (ready === 0) {
    const [why = 'no pod was made'] = missing.values();
    throw new ClusterError('other', `no agent got ready in ${patience / 1000} s: ${why}`);
  }
  const results = await gather(cluster, workload, job, ready, progress, signal);
  return { name, ready, results: new Map([...missing, ...results]) };
}
