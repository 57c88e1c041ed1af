/** Nodes as the API shows them. */
import type { Cluster, KubeObject } from '../../cluster/cluster.ts';
import { type Fact, mapFact } from '../../model/fact.ts';
import type { NodeObjectFacts } from '../snapshot.ts';
import { attempt } from './attempt.ts';

export interface NodeObject extends KubeObject {
  readonly spec?: { readonly podCIDRs?: readonly string[]; readonly providerID?: string };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: {
      readonly kubeletVersion?: string;
      readonly kernelVersion?: string;
      readonly osImage?: string;
    };
    readonly images?: readonly { readonly names?: readonly string[]; readonly sizeBytes?: number }[];
  };
}

const ANNOTATIONS = [
  'flannel.alpha.coreos.com/',
  'projectcalico.org/',
  'k8s.ovn.org/node-',
  'k8s.ovn.org/zone',
  'node.antrea.io/',
];

export async function nodeObjects(cluster: Cluster): Promise<Fact<readonly NodeObject[]>> {
  return attempt(cluster.list<NodeObject>('/api/v1/nodes'));
}

export function nodeObjectFacts(nodes: Fact<readonly NodeObject[]>): Fact<readonly NodeObjectFacts[]> {
  return mapFact(nodes, (list) =>
    list.map((node) => ({
      name: node.metadata.name,
      internalIPs: (node.status?.addresses ?? []).filter((a) => a.type === 'InternalIP').map((a) => a.address),
      podCIDRs: node.spec?.podCIDRs ?? [],
      ...(node.spec?.providerID === undefined ? {} : { providerID: node.spec.providerID }),
      kubeletVersion: node.status?.nodeInfo?.kubeletVersion ?? '',
      kernelVersion: node.status?.nodeInfo?.kernelVersion ?? '',
      osImage: node.status?.nodeInfo?.osImage ?? '',
      ready: (node.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True'),
      annotations: Object.fromEntries(
        Object.entries(node.metadata.annotations ?? {}).filter(([key]) =>
          ANNOTATIONS.some((prefix) => key.startsWith(prefix)),
        ),
      ),
    })),
  );
}
