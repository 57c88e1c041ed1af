import { connect } from '../../cluster/connect.ts';
import { familyOf } from '../../model/address.ts';
import { type Group, isMulticast } from '../../model/group.ts';
import { parseTarget, type TargetName } from '../../model/target.ts';
import { findEnds, HERE } from '../../probe/ends.ts';
import type { LossLimit } from '../../probe/limits.ts';
import { newRun } from '../../probe/local-agent.ts';
import { sendingTime } from '../../probe/plan.ts';
import { probe } from '../../probe/probe.ts';
import type { ProbeReport } from '../../probe/probe-report.ts';
import { type ProbeFormat, renderProbe } from '../../probe/render.ts';
import { traced } from '../../probe/traced.ts';
import { EXIT, UserError } from '../exit.ts';
import type { AccessOptions } from '../options.ts';
import { fleetFor, probeByFleet } from '../probe-fleet.ts';
import { type Session, withSession } from '../session.ts';
import { type GlobalOptions, openTerminal, type Terminal } from '../terminal.ts';
import { VERSION } from '../version.ts';

export interface ProbeOptions extends AccessOptions {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly group?: Group;
  readonly source?: string;
  readonly ipv6?: boolean;
  readonly count?: number;
  readonly engine?: 'connections' | 'cluster';
  readonly rate: number;
  readonly size: number;
  readonly ttl: number;
  readonly maxLoss: LossLimit;
  readonly interface?: string;
  readonly fromInterface?: string;
  readonly toInterface?: string;
  readonly trace: boolean;
  readonly output: ProbeFormat;
}

/** Milliseconds that ways in, joins and cleaning up may take beyond the sending. */
const ROOM = 60_000;
/** Datagrams of each sender. */
const COUNT = 100;
/** Ports of the unicast control are above those of the groups that are chosen. */
const CONTROL_PORTS = { first: 30_001, many: 2000 };

/** `kmcast probe`: exit status 1 when a path loses more than --max-loss, 3 when none does and one could not be tested. */
export async function probeCommand(options: ProbeOptions, globals: GlobalOptions): Promise<number> {
  const out = openTerminal(globals);
  checkGroup(options.group);
  const [from, to] = [options.from.map(targetOf), options.to.map(targetOf)];
  const cluster = [...from, ...to].every(({ kind }) => kind === 'local') ? undefined : await connect(options);
  const fleet = cluster === undefined ? undefined : await fleetFor(cluster, options, from, to);
  if (cluster !== undefined && fleet !== undefined)
    return probeByFleet(options, out, { cluster, fleet, wishesOf: (session) => wishesOf(options, out, session) });
  const timeout = Math.max(options.timeout, sendingTime(wishedTest(options)) + ROOM);
  return withSession(options, out, { timeout }, async (session) => {
    out.progress('reading the cluster …');
    const find = (targets: readonly TargetName[]) =>
      cluster === undefined ? Promise.resolve([HERE]) : findEnds(cluster, cluster.namespace, targets);
    const [senders, receivers] = await Promise.all([find(from), find(to)]);
    const pods = [...senders, ...receivers].flatMap(({ pod }) => (pod === undefined ? [] : [{ pod }]));
    const access = cluster === undefined ? {} : { access: session.access(cluster, { pods }) };
    const probed = await probe({ ...wishesOf(options, out, session), ...access, senders, receivers });
    if (options.dryRun === true) return EXIT.ok;
    const tools = {
      ...access,
      ...(cluster === undefined ? {} : { cluster }),
      version: VERSION,
      announce: out.say,
      signal: session.signal,
    };
    const report = options.trace ? await traced(probed, tools, out.progress) : probed.report;
    out.done();
    await out.write(renderProbe(report, options.output, out.style));
    return statusOf(report);
  });
}

function wishedTest({ count = COUNT, rate }: ProbeOptions) {
  return { count, rate };
}

function wishesOf(options: ProbeOptions, out: Terminal, { signal }: Session) {
  const { size, ttl, maxLoss, group } = options;
  const source = group?.source ?? options.source;
  const fromInterface = options.fromInterface ?? options.interface;
  const toInterface = options.toInterface ?? options.interface;
  const family = source === undefined ? (options.ipv6 === true ? 6 : 4) : familyOf(source);
  return {
    version: VERSION,
    run: newRun(),
    ...(group === undefined ? {} : { group: { ...group, ...(source === undefined ? {} : { source }) } }),
    ...(source === undefined ? {} : { source }),
    family: group?.family ?? family,
    ...wishedTest(options),
    size,
    ttl,
    maxLoss,
    ...(fromInterface === undefined ? {} : { fromInterface }),
    ...(toInterface === undefined ? {} : { toInterface }),
    controlPort: CONTROL_PORTS.first + (process.pid % CONTROL_PORTS.many),
    announce: out.say,
    progress: out.progress,
    signal,
  } as const;
}

function checkGroup(group: Group | undefined): void {
  if (group === undefined) return;
  if (!isMulticast(group.address))
    throw new UserError(`${group.address} is no multicast group`, { status: EXIT.usage });
  if (group.port === undefined)
    throw new UserError('the group has no port', { hint: 'write --group 239.1.2.3:5007', status: EXIT.usage });
}

/** As everywhere, and pods by their labels: `app=rx`. */
function targetOf(text: string): TargetName {
  if (/^[^/]*=|^[^=]+\/[^=]+=/.test(text)) return { kind: 'selector', selector: text };
  const target = parseTarget(text);
  if (typeof target === 'string') throw new UserError(target, { status: EXIT.usage });
  return target;
}

function statusOf({ verdict }: ProbeReport): number {
  return { passed: EXIT.ok, failed: EXIT.findings, unknown: EXIT.noVerdict }[verdict];
}
