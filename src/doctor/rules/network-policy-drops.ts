import type { PolicyFacts } from '../../facts/snapshot.ts';
import { contains, hostPrefix } from '../../model/address.ts';
import { valueIn } from '../../model/fact.ts';
import { podNetworkTraits } from '../../model/pod-networks.ts';
import { kubectl } from '../../plan/shell.ts';
import type { Case } from '../case.ts';
import type { Fix } from '../fix.ts';
import type { Found, Rule } from '../rule.ts';
import { at, evidence, groupText, listing } from '../say.ts';
import { notOnPodNetwork } from '../skips.ts';
import { describeFlows } from '../traffic.ts';

/** Networks whose policy engine judges multicast; the others let it pass or have none to judge. */
const FILTERS: ReadonlyMap<string, readonly ('Ingress' | 'Egress')[]> = new Map([
  ['kube-ovn', ['Ingress', 'Egress']],
  ['kube-router', ['Egress']],
  ['openshift-sdn', ['Egress']],
]);
/** Labels that differ between the pods of one workload, or from one version of it to the next. */
const PASSING = [
  'pod-template-hash',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
];

const rule: Rule = {
  id: 'network-policy-drops',
  title: 'No NetworkPolicy keeps the group away',
  stage: 'filter',
  severity: 'error',
  needs: ['pod', 'podNetwork', 'policies'],
  skip: (c) =>
    notOnPodNetwork(c) ??
    (!FILTERS.has(valueIn(c.snapshot.cluster.podNetwork)?.name ?? '')
      ? 'the pod network’s policies do not act on multicast'
      : undefined),
  check: (c) => [...egress(c), ...ingress(c)],
};
export default rule;

/** A group is in no pod selector: only an ipBlock, or a rule without peers, lets it out. */
function egress(c: Case): Found[] {
  const policies = selecting(c, 'Egress');
  if (policies.length === 0 || c.departures.length === 0) return [];
  if (policies.some((p) => p.egressPrefixes.some((prefix) => contains(prefix, c.group.address)))) return [];
  return [
    {
      ...common(c, policies),
      detail: `${label(c)} judges multicast that a pod sends by the group’s address. A pod selector never matches a group, so without an ipBlock that contains it the datagrams are dropped.`,
      advice: `Allow egress to ipBlock ${hostPrefix(c.group.address)}.`,
      evidence: [
        ...evidenceOf(policies, 'egressPrefixes'),
        evidence(at(c, c.primary), 'capture', `leaves: ${describeFlows(c.departures)}`),
      ],
      fixes: [allowEgress(c)],
    },
  ];
}

/** Ingress is judged by the sender; which pods a selector names is not in the facts, so that this is a suspicion. */
function ingress(c: Case): Found[] {
  const policies = selecting(c, 'Ingress');
  if (policies.length === 0 || c.memberships.length === 0 || c.arrivals.length > 0) return [];
  const sources = c.sources.length === 0 ? ['0.0.0.0'] : c.sources;
  if (policies.some((p) => p.ingressPrefixes.some((prefix) => sources.some((s) => contains(prefix, s))))) return [];
  return [
    {
      severity: 'warning',
      ...common(c, policies),
      detail: `${label(c)} judges multicast that comes to a pod by its sender’s address. The policies may allow the sender by a pod selector, which kmcast does not resolve; an ipBlock with the group in it never matches.`,
      advice: 'Make sure that an ingress rule names the sender (podSelector or ipBlock), not the group.',
      evidence: evidenceOf(policies, 'ingressPrefixes'),
      fixes: [{ kind: 'advice', on: 'cluster', title: `Allow ingress from the sender of ${groupText(c)} to the pod` }],
    },
  ];
}

function selecting(c: Case, type: 'Ingress' | 'Egress'): PolicyFacts[] {
  const network = valueIn(c.snapshot.cluster.podNetwork)?.name ?? '';
  if (!FILTERS.get(network)?.includes(type)) return [];
  return (valueIn(c.snapshot.cluster.policies) ?? []).filter(
    (p) => p.selectsTarget && p.namespace === c.pod?.namespace && p.types.includes(type),
  );
}

function common(c: Case, policies: readonly PolicyFacts[]): Pick<Found, 'summary'> {
  return {
    summary: `${listing(policies.slice(0, 3).map((p) => `NetworkPolicy ${p.name}`))} ${policies.length === 1 ? 'does' : 'do'} not allow ${groupText(c)}`,
  };
}

function label(c: Case): string {
  const name = valueIn(c.snapshot.cluster.podNetwork)?.name ?? '';
  return podNetworkTraits(name)?.label ?? name;
}

function evidenceOf(policies: readonly PolicyFacts[], key: 'egressPrefixes' | 'ingressPrefixes') {
  return policies
    .slice(0, 3)
    .map((p) =>
      evidence(
        `NetworkPolicy ${p.namespace}/${p.name}`,
        'spec',
        `${key === 'egressPrefixes' ? 'egress' : 'ingress'} ipBlocks: ${p[key].length === 0 ? 'none' : p[key].slice(0, 4).join(', ')}`,
      ),
    );
}

/** A policy beside the others: what one allows is allowed. It selects the pods of the same workload alone, so that it isolates no other. */
function allowEgress(c: Case): Fix {
  const labels = Object.fromEntries(Object.entries(c.pod?.labels ?? {}).filter(([key]) => !PASSING.includes(key)));
  const namespace = c.pod?.namespace ?? '';
  const prefix = hostPrefix(c.group.address);
  if (Object.keys(labels).length === 0)
    return { kind: 'advice', on: 'cluster', title: `Allow egress to ipBlock ${prefix} in the NetworkPolicy` };
  const name = `multicast-${c.group.address.replace(/[^0-9a-z]+/g, '-')}`;
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: prefix } }] }],
    },
  };
  return {
    kind: 'cluster',
    title: `Allow the pods of this workload to send to ${c.group.address}`,
    run: `kubectl apply -f - <<'EOF'\n${JSON.stringify(policy)}\nEOF`,
    undo: kubectl(namespace, 'delete', 'networkpolicy', name),
  };
}
