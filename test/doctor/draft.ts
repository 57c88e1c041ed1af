/**
 * A healthy receiver, to be changed in place.
 *
 * Pod `video/rx` on `node1` has eth0 (the cluster's) and net1, a macvlan on the node's eth1 (10.50.0.0/24, host-local). Its application
 * is a member of 239.10.20.30 on net1 and reads port 6000, to which 10.50.0.9, a host of that LAN, sends.
 */
import type { FirewallMovement, LinkMovement, SocketMovement } from '../../src/facts/movement.ts';
import type { ClusterFacts, CniFiles, PodFacts } from '../../src/facts/snapshot.ts';
import { type Fact, known, unknown } from '../../src/model/fact.ts';
import { NETWORKS_ANNOTATION, parseStatus, STATUS_ANNOTATION } from '../../src/model/nad.ts';
import type { NetnsFacts } from '../../src/model/netns.ts';
import type { Flow, MembershipMessage } from '../../src/model/wire.ts';
import { address, flow, link, nadConfig, route } from './pieces.ts';

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
const STATUS = [
  { name: 'cbr0', interface: 'eth0', ips: ['10.244.1.7'], mac: '02:00:00:00:00:02', default: true },
  { name: 'video/mcast', interface: 'net1', ips: ['10.50.0.21'], mac: '02:00:00:00:00:03' },
];
export function healthyDraft(): Draft {
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
