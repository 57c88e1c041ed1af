/** A whole probe by a fleet: Kubernetes runs one agent for each node, all results come by the API, and nothing is left. */
import { randomBytes } from 'node:crypto';
import { fleetProgram } from '../agent/programs.ts';
import { type Cluster, ClusterError } from '../cluster/cluster.ts';
import { formatGroup, type Group } from '../model/group.ts';
import type { Family } from '../model/netns.ts';
import type { End } from '../probe/ends.ts';
import { randomGroup } from '../probe/free-group.ts';
import type { LossLimit } from '../probe/limits.ts';
import type { ProbePlan } from '../probe/plan.ts';
import type { ProbeReport } from '../probe/probe-report.ts';
import { mayMakeFleet } from '../vantage/permission.ts';
import { type FleetEnds, fleetJob } from './fleet-job.ts';
import { fleetReport } from './fleet-report.ts';
import { gather } from './gather.ts';
import { fleetImage } from './image.ts';
import type { Crew } from './manifest.ts';
import { muster } from './muster.ts';
import type { FleetNode } from './nodes.ts';
import { fleetPaths, type Outcomes } from './paths.ts';
import { MOST_SENDERS } from './result.ts';
import { scheduleOf } from './schedule.ts';
import { makeWorkload, WORKLOADS, type WorkloadKind } from './workload.ts';

export interface FleetWishes extends Omit<ProbePlan, 'group' | 'senders' | 'receivers' | 'controlPort'> {
  readonly version: string;
  readonly senders: readonly FleetNode[];
  readonly receivers: readonly FleetNode[];
  /** Whether these are all nodes of the cluster. */
  readonly all: boolean;
  /** A free one is taken when absent. */
  readonly group?: Group;
  readonly family: Family;
  readonly source?: string;
  readonly maxLoss: LossLimit;
  readonly cluster: Cluster;
  /** Where the pods may be made: the first that allows it. */
  readonly namespaces: readonly string[];
  /** Id of this run of kmcast, for labels. */
  readonly label: string;
  /** Seconds until the cluster itself removes what was made. */
  readonly seconds: number;
  readonly image?: string;
  readonly dryRun: boolean;
  readonly announce: (text: string) => void;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
  /** Has something removed in whatever way the probe ends. */
  readonly removing: (close: () => Promise<void>) => void;
}

/** Nodes that a Job may be given by name: its pods hold all names, a DaemonSet's one alone. */
const MOST_NAMED = 100;
/** Milliseconds without one more agent: where the image is there, and where it is pulled. */
const START_TIME = 20_000;
const PULL_TIME = 120_000;

/** Undefined in a dry run. Throws ClusterError where no agent could be run. */
export async function fleetProbe(wishes: FleetWishes): Promise<{ plan: ProbePlan; report: ProbeReport } | undefined> {
  const time = new Date().toISOString();
  const { cluster, announce, progress, signal } = wishes;
  if (wishes.senders.length > MOST_SENDERS)
    throw new ClusterError(
      'invalid',
      `${wishes.senders.length} senders are more than one probe can tell of`,
      `name at most ${MOST_SENDERS}; receivers may be more`,
    );
  const nodes = [...new Map([...wishes.senders, ...wishes.receivers].map((node) => [node.name, node])).values()];
  const fit = nodes.filter(({ problem }) => problem === undefined);
  const kind: WorkloadKind = wishes.all || fit.length > MOST_NAMED ? 'DaemonSet' : 'Job';
  const namespace = await homeOf(wishes, kind);
  const what = `${kind} in namespace ${namespace}: a pod without privileges, but with the node's network, on each of ${fit.length} nodes`;
  if (wishes.dryRun) {
    announce(`would create a ${what}`);
    return undefined;
  }
  if (fit.length === 0) throw new ClusterError('other', `no node is ready: ${nodes[0]?.problem ?? 'there is none'}`);
  const image =
    wishes.image === undefined
      ? await fleetImage(
          cluster,
          fit.map(({ object }) => object),
          { namespace, run: wishes.label, announce, signal },
        )
      : { image: wishes.image, pullPolicy: 'IfNotPresent' as const };
  const plan = planOf(wishes);
  const ends = endsOf(wishes, nodes);
  const schedule = scheduleOf(ends.senders.length, nodes.length, plan);
  const job = fleetJob(plan, plan.group, ends, schedule, wishes.seconds * 1000);
  const crew: Crew = {
    ...image,
    hostNetwork: true,
    grace: Math.ceil(schedule.window / 1000) + 5,
    placement: wishes.all ? { kind: 'all' } : { kind: 'nodes', names: fit.map(({ name }) => name) },
  };
  const name = `kmcast-${randomBytes(4).toString('hex')}`;
  announce(
    `creating ${kind} ${name} (image ${image.image}) in namespace ${namespace}: ${what.slice(what.indexOf('a pod'))}, removed after use`,
  );
  announce(`joining ${formatGroup(plan.group)} at ${plan.receivers.length} receivers for some seconds`);
  const objects = { name, namespace, run: wishes.label, seconds: wishes.seconds };
  const making = makeWorkload(cluster, objects, crew, kind, { program: fleetProgram(), job });
  wishes.removing(async () => (await making.catch(() => undefined))?.close());
  const workload = await making;
  const patience = image.pullPolicy === 'Never' ? START_TIME : PULL_TIME;
  const { ready, missing } = await muster(cluster, workload, { expected: fit.length, patience, progress, signal });
  if (ready === 0)
    throw new ClusterError(
      'other',
      `no agent got ready in ${patience / 1000} s: ${[...missing.values()][0] ?? 'no pod was made'}`,
    );
  const { results } = await gather(cluster, workload, job, ready, progress, signal);
  const problems = new Map(
    nodes.map(({ name, problem }) => [name, problem ?? missing.get(name) ?? 'its agent did not report']),
  );
  const outcomes: Outcomes = ({ node = '' }) => results.get(node) ?? problems.get(node) ?? 'it has no agent';
  const paths = fleetPaths(plan, outcomes, wishes.maxLoss);
  return {
    plan,
    report: fleetReport(plan, outcomes, paths, { version: wishes.version, time, vantage: `${kind} ${name}` }),
  };
}

async function homeOf({ cluster, namespaces }: FleetWishes, kind: WorkloadKind): Promise<string> {
  const answers = await Promise.all(
    namespaces.map((namespace) => mayMakeFleet(cluster, namespace, WORKLOADS[kind], true)),
  );
  const home = namespaces.find((_, index) => answers[index] === undefined);
  if (home !== undefined) return home;
  const others = namespaces.slice(1);
  const nor = others.length === 0 ? '' : ` (nor may it be made in ${others.join(', ')})`;
  throw new ClusterError(
    'forbidden',
    `a ${kind} of agents may not be made: ${answers[0]}${nor}`,
    'docs/permissions.md has the role; --engine connections needs another',
  );
}

function planOf(wishes: FleetWishes): ProbePlan {
  const { run, count, rate, size, ttl, fromInterface, toInterface } = wishes;
  return {
    run,
    group: wishes.group ?? randomGroup(wishes.family, wishes.source),
    senders: wishes.senders.map(endOf),
    receivers: wishes.receivers.map(endOf),
    count,
    rate,
    size,
    ttl,
    ...(fromInterface === undefined ? {} : { fromInterface }),
    ...(toInterface === undefined ? {} : { toInterface }),
    controlPort: 0,
  };
}

function endOf({ name, addresses }: FleetNode): End {
  return { name: `node/${name}`, node: name, addresses };
}

function endsOf({ senders, receivers }: FleetWishes, nodes: readonly FleetNode[]): FleetEnds {
  const index = new Map(nodes.map(({ name }, at) => [name, at]));
  const at = (list: readonly FleetNode[]) => list.map(({ name }) => index.get(name)!);
  return { names: nodes.map(({ name }) => name), senders: at(senders), receivers: at(receivers) };
}
