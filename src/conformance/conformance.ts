/** A whole conformance test: the pods, the cases of each family, and the report. */
import type { PodNetworkFacts } from '../facts/snapshot.ts';
import { type Fact, valueIn } from '../model/fact.ts';
import { formatGroup, type Group } from '../model/group.ts';
import type { Family } from '../model/netns.ts';
import { podNetworkTraits } from '../model/pod-networks.ts';
import { randomGroup } from '../probe/free-group.ts';
import { castOf, endReports, type Missing } from './cast.ts';
import { claimOf } from './claim.ts';
import { conclude, summaryOf } from './conclude.ts';
import type { ConformanceReport, FamilyReport, NetworkReport } from './conformance-report.ts';
import type { Subnets } from './judge.ts';
import { measure } from './measure.ts';
import type { Placement } from './placement.ts';
import type { NoPod, OwnPod, OwnPods } from './pods.ts';

export interface ConformanceWishes {
  readonly version: string;
  readonly placements: readonly Placement[];
  /** The sender is on the first. */
  readonly nodes: readonly string[];
  readonly missing: Missing;
  readonly pods: OwnPods;
  /** Which network gives pods their eth0. */
  readonly network: Promise<Fact<PodNetworkFacts>>;
  /** Of the pods' namespace. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
  /** A free one of each family is taken when absent. */
  readonly group?: Group;
  /** Those that the pods have, when absent. */
  readonly families?: readonly Family[];
  readonly outsideInterface?: string;
  readonly announce: (text: string) => void;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Ports of the unicast control: above those of the groups, and some for each family and kmcast that runs at the same time. */
const CONTROL_PORTS = { first: 30_001, many: 200, each: 10 };

export async function conformance(wishes: ConformanceWishes): Promise<ConformanceReport> {
  const time = new Date().toISOString();
  wishes.progress('making pods …');
  const made = await wishes.pods.make(wishes.placements);
  const groups =
    wishes.group !== undefined ? [wishes.group] : familiesOf(wishes, made).map((one) => randomGroup(one, undefined));
  wishes.announce(`joining ${groups.map(formatGroup).join(' and ')} in these pods for some seconds`);
  const network = await wishes.network;
  const families = await Promise.all(groups.map((group, index) => ofFamily(wishes, made, network, group, index)));
  const described = describe(valueIn(network));
  return {
    schemaVersion: 'kmcast/v1',
    kind: 'Conformance',
    kmcastVersion: wishes.version,
    time,
    ...summaryOf(described?.label ?? 'the pod network', families),
    network: described,
    ends: endReports(made),
    families,
  };
}

async function ofFamily(
  { version, nodes, missing, annotations, pods, outsideInterface, progress, signal }: ConformanceWishes,
  made: readonly (OwnPod | NoPod)[],
  network: Fact<PodNetworkFacts>,
  group: Group,
  index: number,
): Promise<FamilyReport> {
  const { first, many, each } = CONTROL_PORTS;
  const measured = await measure({
    version,
    cast: castOf(nodes, made, missing),
    group,
    access: pods,
    ...(outsideInterface === undefined ? {} : { outsideInterface }),
    controlPort: first + (process.pid % many) * each + index * (each / 2),
    progress,
    signal,
  });
  return conclude(group, measured, claimOf(network, { group, nodes, annotations }), subnetsOf(made));
}

/** The families of the sender's addresses; IPv4 where it has none yet. */
function familiesOf({ families }: ConformanceWishes, made: readonly (OwnPod | NoPod)[]): readonly Family[] {
  if (families !== undefined) return families;
  const addresses = made.flatMap((one) => ('pod' in one ? (one.pod.status?.podIPs ?? []) : []));
  const has = (family: Family): boolean => addresses.some(({ ip }) => ip.includes(':') === (family === 6));
  return has(6) ? (has(4) ? [4, 6] : [6]) : [4];
}

/** Kube-OVN writes each pod's subnet on it; of others nothing is known. */
function subnetsOf(made: readonly (OwnPod | NoPod)[]): Subnets {
  const of = (isOther: boolean) =>
    made.flatMap((one) =>
      'pod' in one && !one.placement.hostNetwork && (one.placement.role === 'other-namespace') === isOther
        ? (one.pod.metadata.annotations?.['ovn.kubernetes.io/logical_switch'] ?? [])
        : [],
    );
  const [ours] = of(false);
  const [theirs] = of(true);
  return ours === undefined || theirs === undefined ? undefined : ours === theirs ? 'shared' : 'apart';
}

function describe(network: PodNetworkFacts | undefined): NetworkReport | null {
  if (network === undefined) return null;
  const { name, version, evidence } = network;
  const label = podNetworkTraits(name)?.label ?? 'the pod network';
  return { name, label, ...(version === undefined ? {} : { version }), evidence };
}
