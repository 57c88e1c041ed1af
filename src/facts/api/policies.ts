/** NetworkPolicies that select the targets, reduced to what bears on multicast. */
import type { Cluster, KubeObject } from '../../cluster/cluster.ts';
import { type Fact, isKnown, known } from '../../model/fact.ts';
import type { PolicyFacts } from '../snapshot.ts';
import { attempt } from './attempt.ts';
import { type LabelSelector, selects } from './selector.ts';

interface Peer {
  readonly ipBlock?: { readonly cidr?: string };
}

export interface NetworkPolicy extends KubeObject {
  readonly spec?: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly { readonly from?: readonly Peer[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[] }[];
  };
}

export async function policyFacts(
  cluster: Cluster,
  pods: readonly { readonly namespace: string; readonly labels: Readonly<Record<string, string>> }[],
): Promise<Fact<readonly PolicyFacts[]>> {
  const namespaces = [...new Set(pods.map((pod) => pod.namespace))];
  const lists = await Promise.all(
    namespaces.map((ns) =>
      attempt(cluster.list<NetworkPolicy>(`/apis/networking.k8s.io/v1/namespaces/${ns}/networkpolicies`)),
    ),
  );
  const failed = lists.find((list) => !isKnown(list));
  if (failed !== undefined && !isKnown(failed)) return failed;
  return known(lists.filter(isKnown).flatMap((list) => list.value.map((policy) => policyFactsOf(policy, pods))));
}

/** One policy; `pods` are the targets. */
export function policyFactsOf(
  policy: NetworkPolicy,
  pods: readonly { readonly namespace: string; readonly labels: Readonly<Record<string, string>> }[],
): PolicyFacts {
  const selected = pods.some(
    (pod) => pod.namespace === policy.metadata.namespace && selects(policy.spec?.podSelector ?? {}, pod.labels),
  );
  return {
    namespace: policy.metadata.namespace ?? '',
    name: policy.metadata.name,
    kind: 'NetworkPolicy',
    selectsTarget: selected,
    types: policy.spec?.policyTypes ?? ['Ingress'],
    egressPrefixes: (policy.spec?.egress ?? []).flatMap((rule) =>
      rule.to === undefined ? ['0.0.0.0/0', '::/0'] : rule.to.flatMap((peer) => peer.ipBlock?.cidr ?? []),
    ),
    ingressPrefixes: (policy.spec?.ingress ?? []).flatMap((rule) =>
      rule.from === undefined ? ['0.0.0.0/0', '::/0'] : rule.from.flatMap((peer) => peer.ipBlock?.cidr ?? []),
    ),
  };
}
