import { connect } from '../../cluster/connect.ts';
import { newRunId } from '../../cluster/owned.ts';
import { conformance } from '../../conformance/conformance.ts';
import type { ConformanceReport } from '../../conformance/conformance-report.ts';
import { describePlacements } from '../../conformance/placement.ts';
import { OwnPods } from '../../conformance/pods.ts';
import { type ConformanceFormat, renderConformance } from '../../conformance/render.ts';
import { settingFor } from '../../conformance/setting.ts';
import { readPodNetwork } from '../../facts/api/pod-network.ts';
import { type Group, isMulticast } from '../../model/group.ts';
import { EXIT, UserError } from '../exit.ts';
import type { PodOptions } from '../options.ts';
import { homesOf, withSession } from '../session.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';
import { VERSION } from '../version.ts';

export interface ConformanceOptions extends PodOptions {
  readonly nodes?: readonly string[];
  /** False with --no-other-namespace. */
  readonly otherNamespace?: string | boolean;
  readonly outside?: 'local';
  readonly outsideInterface?: string;
  readonly group?: Group;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly output: ConformanceFormat;
}

const NO_OUTSIDE =
  'no end outside of the cluster: run kmcast on a host of that network with --outside local (and --outside-interface)';

/** `kmcast conformance`: exit status 1 when the network does less than it claims, 3 when level or reach could not be measured. */
export async function conformanceCommand(options: ConformanceOptions, globals: GlobalOptions): Promise<number> {
  const out = openTerminal(globals);
  checkWords(options);
  const cluster = await connect(options);
  const { namespace } = cluster;
  const other = options.otherNamespace === true ? undefined : options.otherNamespace;
  if (other === namespace)
    throw new UserError(`--other-namespace ${other} is the namespace of the other pods`, {
      hint: 'name that one by -n',
      status: EXIT.usage,
    });
  return withSession(options, out, { timeout: options.timeout }, async (session) => {
    out.progress('reading the cluster …');
    const network = readPodNetwork(cluster);
    const setting = await settingFor(cluster, {
      nodes: options.nodes ?? [],
      namespace,
      ...(other === undefined ? {} : { other }),
      others: [process.env.KMCAST_NAMESPACE ?? '', 'kmcast', 'default'].filter((name) => name !== ''),
      hosts: options.privileged ? homesOf(cluster, []) : '--no-privileged was given',
    });
    const what = describePlacements(setting.placements);
    if (options.dryRun === true) {
      out.say(`would create ${what}`);
      return EXIT.ok;
    }
    out.say(`creating ${what}, removed after use`);
    const pods = new OwnPods(cluster, {
      run: newRunId(),
      ...(options.image === undefined ? {} : { image: options.image }),
      seconds: session.seconds,
      user: setting.user,
      signal: session.signal,
    });
    session.removing(() => pods.close());
    const report = await conformance({
      version: VERSION,
      ...setting,
      missing: { ...setting.missing, ...(options.outside === undefined ? { outside: NO_OUTSIDE } : {}) },
      pods,
      network,
      ...(options.group === undefined ? {} : { group: options.group }),
      ...familiesOf(options),
      ...(options.outsideInterface === undefined ? {} : { outsideInterface: options.outsideInterface }),
      announce: out.say,
      progress: out.progress,
      signal: session.signal,
    });
    out.done();
    await out.write(renderConformance(report, options.output, out.style));
    return statusOf(report);
  });
}

function checkWords({ group, outside, outsideInterface }: ConformanceOptions): void {
  const fail = (message: string, hint: string): never => {
    throw new UserError(message, { hint, status: EXIT.usage });
  };
  if (group !== undefined && !isMulticast(group.address))
    fail(`${group.address} is no multicast group`, 'such as 239.1.2.3:5007');
  if (group !== undefined && group.port === undefined) fail('the group has no port', 'write --group 239.1.2.3:5007');
  if (group?.source !== undefined) fail('a group with a source cannot be tested', 'name the group alone');
  if (outsideInterface !== undefined && outside === undefined)
    fail('--outside-interface is of --outside local', 'give both');
}

function familiesOf({ ipv4, ipv6 }: ConformanceOptions): { readonly families?: readonly (4 | 6)[] } {
  if (ipv4 !== true && ipv6 !== true) return {};
  return { families: [...(ipv4 === true ? [4 as const] : []), ...(ipv6 === true ? [6 as const] : [])] };
}

function statusOf({ verdict }: ConformanceReport): number {
  if (verdict === 'falls-short') return EXIT.findings;
  return verdict === 'unknown' ? EXIT.noVerdict : EXIT.ok;
}
