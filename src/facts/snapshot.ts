/** The snapshot: everything that was observed for one diagnosis, with where and when. One JSON document; rules read nothing else. */
import type { Fact } from '../model/fact.ts';
import type { NetworkStatus } from '../model/nad.ts';
import type { NetnsFacts } from '../model/netns.ts';
import type { WireLook } from '../model/wire.ts';
import type { ManifestFacts } from './manifests/facts.ts';
import type { Movement } from './movement.ts';

export const SCHEMA_VERSION = 'kmcast/v1';

export interface Snapshot {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly kind: 'Snapshot';
  readonly kmcastVersion: string;
  /** RFC 3339, when the facts were read. */
  readonly time: string;
  readonly question: Question;
  readonly cluster: ClusterFacts;
  readonly targets: readonly TargetFacts[];
  readonly nodes: readonly NodeFacts[];
  readonly vantages: readonly VantageRecord[];
  /** What only files show; absent where a cluster or a machine was looked at. */
  readonly manifests?: ManifestFacts;
}

/** What was asked. */
export interface Question {
  /** Targets as the operator wrote them. */
  readonly targets: readonly string[];
  readonly namespace: string;
  /** Groups as asked; empty: those that the targets are members of. */
  readonly groups: readonly string[];
  readonly source?: string;
}

/** A vantage that was used, or tried in vain. */
export interface VantageRecord {
  readonly kind: string;
  readonly description: string;
  readonly outcome: 'used' | 'refused' | 'failed';
  readonly reason?: string;
}

/** One network namespace, observed twice with a look at its wire in between. */
export interface Observation {
  readonly netns: NetnsFacts;
  readonly movement: Fact<Movement>;
  /** The look without a join of kmcast's own. */
  readonly look: Fact<WireLook>;
  /** The look while kmcast was a member, where one was made. */
  readonly joinLook: Fact<WireLook>;
  /** Joins that the kernel refused: its words by group and interface. */
  readonly refusedJoins: readonly { readonly group: string; readonly interface: string; readonly error: string }[];
}

export interface TargetFacts {
  /** `pod/rx`, `node/node1`, `local`; of files `deploy/rx`, and `manifests` for what is of no pod. */
  readonly name: string;
  readonly kind: 'pod' | 'node' | 'local' | 'manifests';
  /** Where it stands, when it comes from a file: `rx.yaml:12`. */
  readonly file?: string;
  readonly namespace?: string;
  readonly node?: string;
  readonly pod: Fact<PodFacts>;
  readonly observation: Fact<Observation>;
}

export interface PodFacts {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly node?: string;
  readonly phase: string;
  readonly created: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Annotations of the networks (k8s.v1.cni.cncf.io, k8s.ovn.org, ovn.kubernetes.io) alone. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly hostNetwork: boolean;
  readonly podIPs: readonly string[];
  readonly containers: readonly ContainerFacts[];
  readonly sysctls: readonly { readonly name: string; readonly value: string }[];
  /** From the pod up: ReplicaSet, Deployment … */
  readonly owners: readonly OwnerFacts[];
  /** Whether the networks annotation was written after the pod was created, where the API server keeps that. */
  readonly annotatedLater: Fact<boolean>;
  readonly status: readonly NetworkStatus[] | null;
  /** Newest first. */
  readonly events: Fact<readonly EventFacts[]>;
  /** Status message of a pod that was refused (SysctlForbidden …). */
  readonly statusReason?: string;
  readonly statusMessage?: string;
  /** Why nothing is known of a pod that runs: this one is only written down. */
  readonly planned?: string;
}

export interface ContainerFacts {
  readonly name: string;
  readonly image: string;
  /** Container id without the runtime's prefix; absent when it never ran. */
  readonly id?: string;
  readonly state: 'running' | 'waiting' | 'terminated' | 'unknown';
  readonly reason?: string;
  readonly restarts: number;
}

export interface OwnerFacts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly replicas?: number;
  /** Networks annotation of its pod template. */
  readonly networks?: string;
  /** Who would revert a change: Helm, Argo CD, Flux, an operator. */
  readonly managedBy?: string;
}

export interface EventFacts {
  readonly reason: string;
  readonly message: string;
  readonly time: string;
  readonly count: number;
}

export interface NadFacts {
  readonly namespace: string;
  readonly name: string;
  /** `spec.config` as it stands. */
  readonly config: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedBy?: string;
  /** Where it stands, when it comes from a file: `nad.yaml:12`. */
  readonly file?: string;
}

export interface NodeObjectFacts {
  readonly name: string;
  readonly internalIPs: readonly string[];
  readonly podCIDRs: readonly string[];
  readonly providerID?: string;
  readonly kubeletVersion: string;
  readonly kernelVersion: string;
  readonly osImage: string;
  readonly ready: boolean;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The cluster's default network, as the API shows it. */
export interface PodNetworkFacts {
  /** `flannel`, `calico`, `canal`, `cilium`, `weave`, `openshift-sdn`, `ovn-kubernetes`, `antrea`, `kube-ovn`, `kube-router`, `kindnet`, `aws-vpc`, `gke`, `azure`, or `unknown`. */
  readonly name: string;
  readonly version?: string;
  /** `DaemonSet kube-flannel/kube-flannel-ds`. */
  readonly evidence: string;
  /** Settings that bear on multicast, by their own names. */
  readonly settings: Readonly<Record<string, string>>;
  /** Cilium: the group tables of its agents. */
  readonly groups: Fact<readonly CiliumGroups[]>;
}

/** One Cilium agent's multicast tables, and how to reach it. */
export interface CiliumGroups {
  readonly node: string;
  readonly pod: string;
  readonly namespace: string;
  /** CiliumInternalIP of the node. */
  readonly internalIP?: string;
  readonly groups: Fact<readonly string[]>;
  readonly subscribers: Fact<readonly { readonly group: string; readonly address: string; readonly remote: boolean }[]>;
}

export interface MetaPluginFacts {
  /** `DaemonSet kube-system/kube-multus-ds`, or that the CRD exists. */
  readonly evidence: string;
  readonly present: boolean;
}

export interface PodAddressFacts {
  readonly pod: string;
  readonly namespace: string;
  readonly node?: string;
  readonly network: string;
  readonly interface?: string;
  readonly ips: readonly string[];
  readonly mac?: string;
}

export interface PolicyFacts {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
  readonly selectsTarget: boolean;
  readonly types: readonly string[];
  /** Prefixes of its egress ipBlocks, and of its ingress ones. */
  readonly egressPrefixes: readonly string[];
  readonly ingressPrefixes: readonly string[];
  /** Where it stands, when it comes from a file: `policy.yaml:12`. */
  readonly file?: string;
}

export interface ClusterFacts {
  readonly context: string;
  readonly podNetwork: Fact<PodNetworkFacts>;
  readonly metaPlugin: Fact<MetaPluginFacts>;
  readonly attachments: Fact<readonly NadFacts[]>;
  readonly nodes: Fact<readonly NodeObjectFacts[]>;
  /** Annotations of the targets' namespaces that bear on multicast, by namespace. */
  readonly namespaces: Fact<Readonly<Record<string, Readonly<Record<string, string>>>>>;
  readonly policies: Fact<readonly PolicyFacts[]>;
  /** Interfaces of all pods that say so in network-status, and pods on a LAN that a plan may give addresses on. */
  readonly podAddresses: Fact<readonly PodAddressFacts[]>;
  /** ClusterIP of kube-dns and the service range, where it can be told. */
  readonly serviceAddresses: Fact<readonly string[]>;
  readonly whereabouts: Fact<boolean>;
}

/** CNI files of a node (`/etc/cni/net.d`, `/opt/cni/bin`, `/run/cni`). */
export interface CniFiles {
  readonly configurations: readonly {
    readonly name: string;
    readonly type: string;
    readonly plugins: readonly string[];
  }[];
  readonly plugins: readonly string[];
  readonly dhcpSocket: boolean;
  /** host-local's reservations: address by network. */
  readonly reservations: readonly { readonly network: string; readonly address: string }[];
}

export interface NodeFacts {
  readonly name: string;
  readonly observation: Fact<Observation>;
  readonly cni: Fact<CniFiles>;
  /** Addresses that answered a neighbour probe, or that the node has as neighbours, on the interface. */
  readonly takenAddresses: Fact<readonly { readonly interface: string; readonly address: string }[]>;
  /** System vendor (DMI), for virtual machines. */
  readonly vendor: Fact<string>;
}
