/**
 * Snapshots for tests of rules: a healthy receiver, and what a test changes of it.
 *
 * Pod `video/rx` on `node1` has eth0 (the cluster's) and net1, a macvlan on the node's eth1 (10.50.0.0/24, host-local). Its application
 * is a member of 239.10.20.30 on net1 and reads port 6000, to which 10.50.0.9, a host of that LAN, sends.
 */
import { buildCase, type Case } from '../../src/doctor/case.ts';
import { examine } from '../../src/doctor/engine.ts';
import type { Rule } from '../../src/doctor/rule.ts';
import type { FirewallMovement, LinkMovement, SocketMovement } from '../../src/facts/movement.ts';
import type { ClusterFacts, CniFiles, Observation, PodFacts, Snapshot } from '../../src/facts/snapshot.ts';
import { type Fact, known, unknown } from '../../src/model/fact.ts';
import { parseGroup } from '../../src/model/group.ts';
import { NETWORKS_ANNOTATION, parseStatus, STATUS_ANNOTATION } from '../../src/model/nad.ts';
import type { Counters, Link, NetnsFacts } from '../../src/model/netns.ts';
import type { Flow, MembershipMessage } from '../../src/model/wire.ts';

/** Fields may be assigned, and lists changed in place. */
type Mutable<T> = T extends readonly (infer U)[]
  ? Shallow<U>[]
  : T extends object
    ? { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? Shallow<U>[] : T[K] }
    : T;
type Shallow<T> = T extends object ? { -readonly [K in keyof T]: T[K] } : T;
/** The values of facts, to be changed in place. */
type Values<T> = { -readonly [K in keyof T]: T[K] extends Fact<infer V> ? Mutable<V> : Mutable<T[K]> };

/** One namespace with its looks and what moved in it. */
export interface Place {
  netns: Values<NetnsFacts>;
  flows: Flow[];
  messages: MembershipMessage[];
  /** Seen while kmcast was a member; `undefined`: no join was made. */
  joinFlows: Flow[] | undefined;
  duration: number;
  moved: Record<string, number>;
  movedLinks: LinkMovement[];
  movedSockets: SocketMovement[];
  movedFirewall: FirewallMovement[];
}

export interface Draft {
  group: string;
  source: string | undefined;
  cluster: Values<Omit<ClusterFacts, 'context'>>;
  pod: Values<Omit<PodFacts, 'annotatedLater'>> & { annotatedLater: Fact<boolean> };
  rx: Place;
  node: Place;
  cni: Mutable<CniFiles>;
  vendor: string;
  /** The target is the node itself. */
  targetIsNode: boolean;
  /** Reasons of facts that could not be read: by the fact's name in the cluster (`attachments`), in the pod (`events`), in the target's namespace (`links`), in the node's (`node.links`); also `pod`, `observation`, `look`, `movement`, `node`, `node.look`, `node.movement`, `cni`, `vendor`. */
  missing: Record<string, string>;
}

/** The change of a healthy receiver that a test makes. */
export type Patch = (draft: Draft) => void;

/** A datagram stream of the group as the receiver's net1 sees it, changed. */
export function flow(change: Partial<Flow> = {}): Flow {
  return {
    interface: 'net1',
    direction: 'in',
    family: 4,
    source: '10.50.0.9',
    destination: '239.10.20.30',
    protocol: 17,
    sourcePort: 40000,
    destinationPort: 6000,
    ttl: 8,
    sourceMac: '02:00:00:00:50:09',
    destinationMac: '01:00:5e:0a:14:1e',
    packets: 10,
    bytes: 2000,
    largest: 200,
    fragments: 0,
    first: 20,
    last: 900,
    ...change,
  };
}

/** An interface, changed. */
export function link(name: string, index: number, change: Partial<Link> = {}): Link {
  return {
    index,
    name,
    flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    mtu: 1500,
    mac: `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`,
    operstate: 'up',
    stats: { rxPackets: 100, txPackets: 10, rxDropped: 0, rxErrors: 0, txDropped: 0, txErrors: 0, multicast: 90 },
    ...change,
  };
}

const LOOPBACK = link('lo', 1, { flags: ['LOOPBACK', 'UP', 'LOWER_UP'], mtu: 65536, operstate: 'unknown' });

function place(netns: Partial<Values<NetnsFacts>>): Place {
  return {
    netns: {
      links: [],
      addresses: [],
      routes: [],
      rules: [0, 32766, 32767].map((priority, i) => ({
        family: 4 as const,
        priority,
        action: 'lookup' as const,
        table: [255, 254, 253][i]!,
      })),
      neighbours: [],
      memberships: [],
      sourceFilters: [],
      linkGroups: [],
      sockets: [],
      counters: {},
      multicastRouting: { vifs: [], cache: [] },
      mdb: [],
      sysctls: {},
      firewall: { tool: 'nft', chains: [], rules: [] },
      ...netns,
    },
    flows: [],
    messages: [],
    joinFlows: undefined,
    duration: 1000,
    moved: {},
    movedLinks: [],
    movedSockets: [],
    movedFirewall: [],
  };
}

/** A route of the main table. */
export function route(
  destination: string,
  name: string,
  more: { readonly gateway?: string; readonly protocol?: string } = {},
): Values<NetnsFacts>['routes'][number] {
  const { gateway, protocol = 'boot' } = more;
  return {
    family: destination.includes(':') ? 6 : 4,
    destination,
    table: 254,
    type: 'unicast',
    scope: gateway === undefined ? 'link' : 'universe',
    protocol,
    metric: 0,
    nextHops: [{ interface: name, ...(gateway === undefined ? {} : { gateway }) }],
  };
}

/** An address with its family and scope. */
export function address(name: string, text: string, prefixLength: number): Values<NetnsFacts>['addresses'][number] {
  return { family: text.includes(':') ? 6 : 4, interface: name, address: text, prefixLength, scope: 'global' };
}

/** The configuration of the attachment `video/mcast`, changed. */
export function nadConfig(change: object = {}, ipam: object = {}): string {
  return JSON.stringify({
    cniVersion: '0.3.1',
    name: 'mcast',
    type: 'macvlan',
    master: 'eth1',
    mode: 'bridge',
    ipam: {
      type: 'host-local',
      subnet: '10.50.0.0/24',
      routes: [{ dst: '239.10.20.30/32', gw: '0.0.0.0' }],
      ...ipam,
    },
    ...change,
  });
}

const STATUS = [
  { name: 'cbr0', interface: 'eth0', ips: ['10.244.1.7'], mac: '02:00:00:00:00:02', default: true },
  { name: 'video/mcast', interface: 'net1', ips: ['10.50.0.21'], mac: '02:00:00:00:00:03' },
];

function healthyDraft(): Draft {
  const rx = place({
    links: [
      LOOPBACK,
      link('eth0', 2, { kind: 'veth', parentIndex: 9, parentNetns: 0 }),
      link('net1', 3, { kind: 'macvlan', mode: 'bridge', parentIndex: 3, parentNetns: 0, bcQueueLength: 1000 }),
    ],
    addresses: [address('eth0', '10.244.1.7', 24), address('net1', '10.50.0.21', 24)],
    routes: [
      route('0.0.0.0/0', 'eth0', { gateway: '10.244.1.1' }),
      route('10.244.1.0/24', 'eth0', { protocol: 'kernel' }),
      route('10.50.0.0/24', 'net1', { protocol: 'kernel' }),
      route('239.10.20.30/32', 'net1'),
    ],
    memberships: [{ family: 4, interface: 'net1', group: '239.10.20.30', users: 1, querierVersion: 'V3' }],
    sockets: [
      {
        family: 4,
        localAddress: '0.0.0.0',
        localPort: 6000,
        remoteAddress: '0.0.0.0',
        remotePort: 0,
        uid: 1000,
        inode: 4711,
        receiveQueue: 0,
        drops: 0,
        owner: { pid: 1, command: 'receiver' },
      },
    ],
    sysctls: { 'net.ipv4.conf.all.rp_filter': '0', 'net.ipv4.conf.net1.rp_filter': '1' },
  });
  rx.flows = [flow()];
  rx.moved = { 'IpExt.InMcastPkts': 10, 'Udp.InDatagrams': 10 };
  const node = place({
    links: [
      LOOPBACK,
      link('eth0', 2, { driver: 'virtio_net' }),
      link('eth1', 3, { driver: 'virtio_net' }),
      link('cni0', 5, { kind: 'bridge', bridge: { snooping: true, querier: false } }),
      link('veth7', 9, { kind: 'veth', parentIndex: 2, parentNetns: 1, masterIndex: 5 }),
    ],
    addresses: [
      address('eth0', '192.0.2.11', 24),
      address('eth1', '10.50.0.11', 24),
      address('cni0', '10.244.1.1', 24),
    ],
    routes: [
      route('0.0.0.0/0', 'eth0', { gateway: '192.0.2.1' }),
      route('10.50.0.0/24', 'eth1', { protocol: 'kernel' }),
    ],
  });
  node.flows = [flow({ interface: 'eth1' })];
  return {
    group: '239.10.20.30:6000',
    source: undefined,
    cluster: {
      podNetwork: {
        name: 'flannel',
        evidence: 'DaemonSet kube-flannel/kube-flannel-ds',
        settings: {},
        groups: unknown('not Cilium'),
      },
      metaPlugin: { present: true, evidence: 'DaemonSet kube-system/kube-multus-ds' },
      attachments: [{ namespace: 'video', name: 'mcast', config: nadConfig() }],
      nodes: [
        {
          name: 'node1',
          internalIPs: ['192.0.2.11'],
          podCIDRs: ['10.244.1.0/24'],
          kubeletVersion: 'v1.34.0',
          kernelVersion: '6.18.0',
          osImage: 'Linux',
          ready: true,
          annotations: {},
        },
      ],
      namespaces: { video: {} },
      policies: [],
      podAddresses: [
        {
          pod: 'rx',
          namespace: 'video',
          node: 'node1',
          network: 'video/mcast',
          interface: 'net1',
          ips: ['10.50.0.21'],
          mac: '02:00:00:00:00:03',
        },
      ],
      serviceAddresses: ['10.96.0.1', '10.96.0.10'],
      whereabouts: false,
    },
    pod: {
      name: 'rx',
      namespace: 'video',
      uid: '11111111-2222-3333-4444-555555555555',
      node: 'node1',
      phase: 'Running',
      created: '2026-01-01T00:00:00Z',
      labels: {},
      annotations: { [NETWORKS_ANNOTATION]: 'mcast', [STATUS_ANNOTATION]: JSON.stringify(STATUS) },
      hostNetwork: false,
      podIPs: ['10.244.1.7'],
      containers: [{ name: 'receiver', image: 'registry.example/receiver:1', id: 'c1', state: 'running', restarts: 0 }],
      sysctls: [],
      owners: [],
      annotatedLater: known(false),
      status: parseStatus(JSON.stringify(STATUS)),
      events: [],
    },
    rx,
    node,
    cni: {
      configurations: [{ name: '00-multus.conf', type: 'multus', plugins: [] }],
      plugins: [
        'bridge',
        'dhcp',
        'flannel',
        'host-local',
        'ipvlan',
        'loopback',
        'macvlan',
        'portmap',
        'static',
        'tuning',
      ],
      dhcpSocket: false,
      reservations: [],
    },
    vendor: 'QEMU Standard PC',
    targetIsNode: false,
    missing: {},
  };
}

/** Makes a pod that never started: no address, no status of its networks, no namespace to look into. */
export function neverStarted(draft: Draft, event: { readonly reason: string; readonly message: string }): void {
  draft.pod.phase = 'Pending';
  draft.pod.podIPs = [];
  draft.pod.status = null;
  delete draft.pod.annotations[STATUS_ANNOTATION];
  draft.pod.containers = draft.pod.containers.map(({ id: _, ...container }) => ({
    ...container,
    state: 'waiting',
    reason: 'ContainerCreating',
  }));
  draft.pod.events = [{ ...event, time: '2026-01-01T00:01:00Z', count: 3 }];
  draft.cluster.podAddresses = [];
  draft.missing.observation = 'no container of the pod runs';
}

/** The snapshot of a healthy receiver, changed. */
export function snapshot(patch: Patch = () => {}): Snapshot {
  const draft = healthyDraft();
  patch(draft);
  const { missing, pod, cluster } = draft;
  const fact = <T>(name: string, value: T): Fact<T> => {
    const reason = missing[name];
    return reason === undefined ? known(value) : unknown(reason);
  };
  const facts = <T extends object>(values: T, before = ''): { [K in keyof T]: Fact<T[K]> } =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fact(before + key, value)])) as {
      [K in keyof T]: Fact<T[K]>;
    };
  const observed = (seen: Place, before: string): Observation => ({
    netns: facts(seen.netns, before) as Observation['netns'],
    movement: fact(`${before}movement`, {
      counters: known(seen.moved as Counters),
      sockets: known(seen.movedSockets),
      links: known(seen.movedLinks),
      firewall: known(seen.movedFirewall),
    }),
    look: fact(`${before}look`, look(seen, seen.flows, [])),
    joinLook:
      seen.joinFlows === undefined
        ? unknown('no join was made')
        : known(look(seen, seen.joinFlows, [{ group: groupAddress(draft.group), interface: 'eth1' }])),
    refusedJoins: [],
  });
  const onNode = fact('node', observed(draft.node, 'node.'));
  return {
    schemaVersion: 'kmcast/v1',
    kind: 'Snapshot',
    kmcastVersion: '0.0.0',
    time: '2026-01-01T00:02:00Z',
    question: {
      targets: [draft.targetIsNode ? 'node/node1' : 'pod/rx'],
      namespace: 'video',
      groups: [draft.group],
      ...(draft.source === undefined ? {} : { source: draft.source }),
    },
    cluster: { context: 'test', ...(facts(cluster) as Omit<ClusterFacts, 'context'>) },
    targets: [
      draft.targetIsNode
        ? {
            name: 'node/node1',
            kind: 'node',
            node: 'node1',
            pod: unknown('the target is no pod'),
            observation: fact('observation', observed(draft.rx, '')),
          }
        : {
            name: 'pod/rx',
            kind: 'pod',
            namespace: 'video',
            ...(pod.node === undefined ? {} : { node: pod.node }),
            pod: fact('pod', { ...pod, events: fact('events', pod.events) }),
            observation: fact('observation', observed(draft.rx, '')),
          },
    ],
    nodes: [
      {
        name: 'node1',
        observation: onNode,
        cni: fact('cni', draft.cni),
        takenAddresses: unknown('no address had to be found'),
        vendor: fact('vendor', draft.vendor),
      },
    ],
    vantages: [],
  };
}

function look(seen: Place, flows: Flow[], joined: { group: string; interface: string }[]) {
  const interfaces = seen.netns.links.map((l) => l.name);
  return { duration: seen.duration, interfaces, joined, flows, messages: seen.messages, lost: 0 };
}

function groupAddress(text: string): string {
  const group = parseGroup(text);
  return typeof group === 'string' ? text : group.address;
}

/** The case of the changed snapshot. */
export function caseOf(patch?: Patch): Case {
  const made = snapshot(patch);
  const group = parseGroup(made.question.groups[0]!);
  if (typeof group === 'string') throw new Error(group);
  return buildCase(made, made.targets[0]!, group);
}

/** What the engine makes of one rule on the changed snapshot: `pass`, `fail`, `unknown` or `skipped`, and what was found. */
export function ask(rule: Rule, patch?: Patch) {
  const { checks, findings } = examine(caseOf(patch), [rule]);
  const check = checks[0]!;
  return { outcome: check.outcome, reason: check.reason, findings, finding: findings[0] };
}
