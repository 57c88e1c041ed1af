/** A whole probe by a fleet: Kubernetes runs one agent for each node, all results come by the API, and nothing is left. */
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
import { fleetImage, type Image } from './image.ts';
import type { Crew } from './manifest.ts';
import type { FleetNode } from './nodes.ts';
import { fleetPaths, type Outcomes } from './paths.ts';
import { MOST_SENDERS } from './result.ts';
import { runFleet } from './run-fleet.ts';
import { scheduleOf } from './schedule.ts';
import { WORKLOADS, type WorkloadKind } from './workload.ts';

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
/** Seconds that an agent has beyond its own time before it is killed. */
const GRACE = 5;

/** Undefined in a dry run. Throws ClusterError where no agent could be run. */
export async function fleetProbe(wishes: FleetWishes): Promise<{ plan: ProbePlan; report: ProbeReport } | undefined> {
  const time = new Date().toISOString();
  const { cluster, announce, progress, signal, removing, label, seconds } = wishes;
  checkSenders(wishes.senders.length);
  const nodes = [...new Map([...wishes.senders, ...wishes.receivers].map((node) => [node.name, node])).values()];
  const fit = nodes.filter(({ problem }) => problem === undefined);
  if (fit.length === 0) throw new ClusterError('other', `no node is ready: ${nodes[0]?.problem ?? 'there is none'}`);
  const kind: WorkloadKind = wishes.all || fit.length > MOST_NAMED ? 'DaemonSet' : 'Job';
  const namespace = await homeOf(wishes, kind);
  const pods = `in namespace ${namespace}: a pod with the node's network, and no privileges, on each of ${fit.length} nodes`;
  if (wishes.dryRun) {
    announce(`would create a ${kind} ${pods}`);
    return undefined;
  }
  const image = await imageOf(wishes, namespace, fit);
  const plan = planOf(wishes);
  const schedule = scheduleOf(plan.senders.length, nodes.length, plan);
  const job = fleetJob(plan, plan.group, endsOf(wishes, nodes), schedule, seconds * 1000);
  const crew: Crew = {
    ...image,
    hostNetwork: true,
    grace: Math.ceil(schedule.window / 1000) + GRACE,
    placement: wishes.all ? { kind: 'all' } : { kind: 'nodes', names: fit.map(({ name }) => name) },
  };
  const seen = await runFleet({
    ...{ cluster, kind, crew, job, namespace, label, seconds, progress, signal, removing },
    expected: fit.length,
    announce: (name) => {
      announce(`creating ${kind} ${name} ${pods}, removed after use (image ${image.image})`);
      announce(`joining ${formatGroup(plan.group)} at ${plan.receivers.length} receivers for some seconds`);
    },
  });
  const problems = new Map(nodes.map(({ name, problem }) => [name, problem]));
  const outcomes: Outcomes = ({ node = '' }) =>
    seen.results.get(node) ?? problems.get(node) ?? 'its agent did not report';
  const paths = fleetPaths(plan, outcomes, wishes.maxLoss);
  const told = { version: wishes.version, time, vantage: `${kind} ${seen.name}` };
  return { plan, report: fleetReport(plan, outcomes, paths, told) };
}

function checkSenders(senders: number): void {
  if (senders <= MOST_SENDERS) return;
  throw new ClusterError(
    'invalid',
    `${senders} senders are more than one probe can tell of`,
    `name at most ${MOST_SENDERS} in --from; receivers may be more`,
  );
}

async function imageOf(wishes: FleetWishes, namespace: string, fit: readonly FleetNode[]): Promise<Image> {
  const { image, cluster, label, announce, signal, removing } = wishes;
  if (image !== undefined) return { image, pullPolicy: 'IfNotPresent' };
  const nodes = fit.map(({ object }) => object);
  const finding = fleetImage(cluster, nodes, { namespace, run: label, announce, signal });
  // It removes its own pod, for which an interrupted session waits.
  removing(() => finding.then(() => undefined).catch(() => undefined));
  return finding;
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
