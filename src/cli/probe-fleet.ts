/** `kmcast probe` between nodes with Kubernetes as its engine. */
import type { Cluster } from '../cluster/cluster.ts';
import { newRunId } from '../cluster/owned.ts';
import { fleetProbe } from '../fleet/fleet-probe.ts';
import { chosenNodes, type FleetNode, readNodes } from '../fleet/nodes.ts';
import { countFor, scheduleOf } from '../fleet/schedule.ts';
import type { TargetName } from '../model/target.ts';
import { type End, endKey } from '../probe/ends.ts';
import type { ProbePlan } from '../probe/plan.ts';
import { type ProbeWishes, probe } from '../probe/probe.ts';
import type { ProbeReport } from '../probe/probe-report.ts';
import { renderProbe } from '../probe/render.ts';
import { traced } from '../probe/traced.ts';
import type { ProbeOptions } from './commands/probe.ts';
import { EXIT, UserError } from './exit.ts';
import { homesOf, type Session, withSession } from './session.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

export interface Fleet {
  readonly senders: readonly FleetNode[];
  readonly receivers: readonly FleetNode[];
  /** Whether every node of the cluster is asked for. */
  readonly all: boolean;
  readonly agents: number;
}

/** From so many nodes on a connection to each is no longer quicker. */
const MANY = 9;
const COUNT = 100;
/** An agent keeps a bit for each datagram. */
const MOST_DATAGRAMS = 10_000;
/** Milliseconds: for an image and for cleaning up; for each agent, since Kubernetes' controllers make some twenty pods a second. */
const ROOM = 60_000;
const EACH = 100;

/** The nodes, where Kubernetes is to run the agents; undefined where kmcast connects to each. */
export async function fleetFor(
  cluster: Cluster,
  { engine, vantage, privileged, count = 1 }: ProbeOptions,
  from: readonly TargetName[],
  to: readonly TargetName[],
): Promise<Fleet | undefined> {
  const isNodes = [...from, ...to].every(({ kind }) => kind === 'node' || kind === 'nodes');
  if (engine === 'cluster' && !isNodes)
    throw new UserError('only nodes can be tested with --engine cluster', {
      hint: 'write --from nodes --to nodes, or node/NAME …',
      status: EXIT.usage,
    });
  if (!isNodes || engine === 'connections' || (engine === undefined && vantage !== undefined)) return undefined;
  const nodes = await readNodes(cluster);
  const [senders, receivers] = [chosenNodes(nodes, from), chosenNodes(nodes, to)];
  const agents = new Set([...senders, ...receivers].map(({ name }) => name)).size;
  if (engine === undefined && agents < MANY && privileged) return undefined;
  if (count > MOST_DATAGRAMS)
    throw new UserError(`--count may be at most ${MOST_DATAGRAMS} with the engine cluster`, { status: EXIT.usage });
  // Nodes that are named are a choice, even where there are no others.
  const all = [...from, ...to].some(({ kind }) => kind === 'nodes');
  return { senders, receivers, all, agents };
}

export interface FleetTools {
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  readonly wishesOf: (session: Session) => Omit<ProbeWishes, 'senders' | 'receivers' | 'access'>;
}

/** Exit status as for every probe. */
export async function probeByFleet(
  options: ProbeOptions,
  out: Terminal,
  { cluster, fleet, wishesOf }: FleetTools,
): Promise<number> {
  const count = options.count ?? countFor(fleet.senders.length, COUNT);
  const { window } = scheduleOf(fleet.senders.length, fleet.agents, { ...options, count });
  const timeout = Math.max(options.timeout, ROOM + EACH * fleet.agents + window);
  return withSession(options, out, { timeout }, async (session) => {
    const wishes = { ...wishesOf(session), count };
    const probed = await fleetProbe({
      ...wishes,
      ...fleet,
      cluster,
      namespaces: homesOf(cluster, []),
      label: newRunId(),
      seconds: session.seconds,
      ...(options.image === undefined ? {} : { image: options.image }),
      dryRun: options.dryRun === true,
      removing: session.removing,
    });
    if (probed === undefined) return EXIT.ok;
    const report = options.trace ? await withTrace(probed, wishes, cluster, session) : probed.report;
    out.done();
    await out.write(renderProbe(report, options.output, out.style));
    return { passed: EXIT.ok, failed: EXIT.findings, unknown: EXIT.noVerdict }[report.verdict];
  });
}

/** One failing path is tested again by kmcast's own connections, to see at which hop its datagrams are lost. */
async function withTrace(
  { plan, report }: { readonly plan: ProbePlan; readonly report: ProbeReport },
  wishes: Omit<ProbeWishes, 'senders' | 'receivers' | 'access'>,
  cluster: Cluster,
  session: Session,
): Promise<ProbeReport> {
  const failed = report.paths.filter(({ outcome }) => outcome === 'lost' || outcome === 'lossy');
  const worst = [...failed].sort((a, b) => b.lost - a.lost)[0];
  if (worst === undefined) return report;
  const of = (ends: readonly End[], name: string) => ends.filter((end) => endKey(end) === name);
  const [senders, receivers] = [of(plan.senders, worst.from), of(plan.receivers, worst.to)];
  const access = session.access(cluster, { pods: [] });
  const single = await probe({ ...wishes, senders, receivers, group: plan.group, access });
  const tools = { access, cluster, version: VERSION, announce: wishes.announce, signal: session.signal };
  const died = (await traced(single, tools, wishes.progress)).paths[0]?.died;
  if (died === undefined) return report;
  return { ...report, paths: report.paths.map((path) => (path === worst ? { ...path, died } : path)) };
}
