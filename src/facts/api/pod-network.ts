/** Which network gives pods their eth0, told from DaemonSets, ConfigMaps and nodes: no single sign is there in every cluster. */
import type { Cluster, KubeObject } from '../../cluster/cluster.ts';
import { type Fact, isKnown, known, unknown, valueIn } from '../../model/fact.ts';
import type { NodeObjectFacts, PodNetworkFacts } from '../snapshot.ts';
import { attempt } from './attempt.ts';
import { ciliumGroups } from './cilium.ts';
import { nodeObjectFacts, nodeObjects } from './nodes.ts';

export interface DaemonSetObject extends KubeObject {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly {
          readonly name: string;
          readonly image?: string;
          readonly args?: readonly string[];
          readonly command?: readonly string[];
        }[];
      };
    };
  };
}

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** DaemonSet names by network, in the order in which they must be asked: what sits on top of another comes first. */
const DAEMON_SETS: readonly (readonly [string, RegExp])[] = [
  ['ovn-kubernetes', /^ovnkube-node/],
  ['openshift-sdn', /^sdn$/],
  ['gke', /^anetd$/],
  ['azure', /^azure-cns$/],
  ['cilium', /^cilium$/],
  ['antrea', /^antrea-agent$/],
  ['kube-ovn', /^kube-ovn-cni$/],
  ['canal', /^(rke2-)?canal$/],
  ['calico', /^calico-node$/],
  ['weave', /^weave-net$/],
  ['aws-vpc', /^aws-node$/],
  ['flannel', /^kube-flannel/],
  ['kube-router', /^kube-router$/],
  ['kindnet', /^kindnet$/],
];

/** Settings that bear on multicast: ConfigMap and its keys, by network. */
const SETTINGS: Readonly<Record<string, { readonly configMap: string; readonly keys: readonly string[] }>> = {
  cilium: {
    configMap: 'cilium-config',
    keys: [
      'multicast-enabled',
      'routing-mode',
      'tunnel',
      'tunnel-protocol',
      'enable-ipsec',
      'cni-exclusive',
      'enable-wireguard',
    ],
  },
  antrea: { configMap: 'antrea-config', keys: ['antrea-agent.conf'] },
  flannel: { configMap: 'kube-flannel-cfg', keys: ['net-conf.json'] },
};

/** The same, with what it takes read first. */
export async function readPodNetwork(cluster: Cluster): Promise<Fact<PodNetworkFacts>> {
  const [daemonSets, nodes] = await Promise.all([
    attempt(cluster.list<DaemonSetObject>('/apis/apps/v1/daemonsets')),
    nodeObjects(cluster),
  ]);
  return podNetworkFacts(cluster, daemonSets, nodeObjectFacts(nodes));
}

export async function podNetworkFacts(
  cluster: Cluster,
  daemonSets: Fact<readonly DaemonSetObject[]>,
  nodes: Fact<readonly NodeObjectFacts[]>,
): Promise<Fact<PodNetworkFacts>> {
  if (!isKnown(daemonSets)) return fromNodes(nodes) ?? unknown(daemonSets.unknown);
  for (const [name, pattern] of DAEMON_SETS) {
    const found = daemonSets.value.find((ds) => pattern.test(ds.metadata.name));
    if (found !== undefined) return known(await describe(cluster, name, found));
  }
  return (
    fromNodes(nodes) ??
    known({
      name: 'unknown',
      evidence: 'no DaemonSet of a network that kmcast knows',
      settings: {},
      groups: unknown('not Cilium'),
    })
  );
}

/** K3s runs Flannel without a DaemonSet; its node annotation shows. */
function fromNodes(nodes: Fact<readonly NodeObjectFacts[]>): Fact<PodNetworkFacts> | undefined {
  const flannel = valueIn(nodes)?.find(
    (node) => node.annotations['flannel.alpha.coreos.com/backend-type'] !== undefined,
  );
  if (flannel === undefined) return undefined;
  return known({
    name: 'flannel',
    evidence: `annotation flannel.alpha.coreos.com/backend-type of node ${flannel.name}`,
    settings: {},
    groups: unknown('not Cilium'),
  });
}

async function describe(cluster: Cluster, name: string, ds: DaemonSetObject): Promise<PodNetworkFacts> {
  const containers = ds.spec?.template?.spec?.containers ?? [];
  const image =
    containers.map((c) => c.image ?? '').find((text) => text.includes(name.split('-')[0] ?? name)) ??
    containers[0]?.image ??
    '';
  const version = /:v?(\d+\.\d+\.\d+[^@]*)/.exec(image)?.[1];
  const settings = { ...(await settingsOf(cluster, name, ds)), ...argumentsOf(name, containers) };
  return {
    name,
    ...(version === undefined ? {} : { version }),
    evidence: `DaemonSet ${ds.metadata.namespace}/${ds.metadata.name}`,
    settings,
    groups:
      name === 'cilium' && settings['multicast-enabled'] === 'true'
        ? await ciliumGroups(cluster, ds.metadata.namespace ?? 'kube-system')
        : unknown('not asked for'),
  };
}

async function settingsOf(cluster: Cluster, name: string, ds: DaemonSetObject): Promise<Record<string, string>> {
  const wanted = SETTINGS[name];
  if (wanted === undefined) return {};
  const map = await attempt(
    cluster.get<ConfigMap>(`/api/v1/namespaces/${ds.metadata.namespace}/configmaps/${wanted.configMap}`),
  );
  if (!isKnown(map)) return { 'not read': map.unknown };
  return Object.fromEntries(
    wanted.keys.flatMap((key) => (map.value.data?.[key] === undefined ? [] : [[key, map.value.data[key]]])),
  );
}

function argumentsOf(
  name: string,
  containers: readonly { readonly args?: readonly string[]; readonly command?: readonly string[] }[],
): Record<string, string> {
  if (name !== 'ovn-kubernetes' && name !== 'weave') return {};
  const words = containers.flatMap((c) => [...(c.command ?? []), ...(c.args ?? [])]).join(' ');
  const found = /--(enable-multicast|allow-mcast)(?:=(\S+))?/.exec(words);
  return found === null ? {} : { [found[1]!]: found[2] ?? 'true' };
}
