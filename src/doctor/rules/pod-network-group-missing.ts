import type { CiliumGroups } from '../../facts/snapshot.ts';
import { isKnown, valueIn } from '../../model/fact.ts';
import type { Case } from '../case.ts';
import { lanFlows } from '../expected.ts';
import type { Rule } from '../rule.ts';
import { evidence, listing } from '../say.ts';
import { notOnPodNetwork } from '../skips.ts';

const rule: Rule = {
  id: 'pod-network-group-missing',
  title: 'The pod network knows the group and its subscribers',
  stage: 'network',
  severity: 'error',
  needs: ['pod', 'podNetwork'],
  skip: (c) => notOnPodNetwork(c) ?? skipped(c),
  check: (c) => {
    const agents = tables(c) ?? [];
    const group = c.group.address;
    const without = agents.filter((a) => isKnown(a.groups) && !a.groups.value.includes(group)).map((a) => a.node);
    const here = agents.find((a) => a.node === c.target.node);
    const deaf = c.memberships.length > 0 && without.length === 0 && !isSubscribed(here, c);
    const alone = without.length === 0 ? agents.filter((a) => !hasRemotes(a, agents, group)).map((a) => a.node) : [];
    if ((without.length === 0 && !deaf && alone.length === 0) || lanFlows(c).length > 0) return [];
    return [
      {
        summary:
          without.length > 0
            ? `Cilium does not know ${group} on ${listing(without)}`
            : deaf
              ? `Cilium has no subscriber for ${c.target.name}: it joined before the group was added`
              : `Cilium on ${listing(alone)} forwards ${group} to no other node`,
        detail:
          'Cilium carries a group only when it was added on the nodes of sender and receiver, with the other nodes as its subscribers there; it records a pod’s join only when the group exists at that moment, and asks for none.',
        advice: 'Add the group and the other nodes as subscribers on every node, then let the receivers join again.',
        evidence: agents
          .slice(0, 4)
          .map((a) => evidence(`node/${a.node}`, 'cilium-dbg bpf multicast', tableText(a, group))),
        fixes: [
          {
            kind: 'cluster',
            title: `Add ${group} and its subscribers on every node`,
            run: addEverywhere(agents, group),
            undo: removeEverywhere(agents, group),
          },
          { kind: 'recreate' },
        ],
      },
    ];
  },
};
export default rule;

function skipped(c: Case): string | undefined {
  const network = valueIn(c.snapshot.cluster.podNetwork);
  if (network !== undefined && network.name !== 'cilium') return 'the pod network has no list of groups';
  if (c.arrivals.length > 0) return 'the group arrives';
  if (network !== undefined && network.settings['multicast-enabled'] !== 'true') return 'multicast is not enabled';
  return c.group.family === 6 ? 'Cilium carries IPv4 groups alone' : undefined;
}

function tables(c: Case): readonly CiliumGroups[] | undefined {
  const network = valueIn(c.snapshot.cluster.podNetwork);
  return network === undefined ? undefined : valueIn(network.groups);
}

/** Whether the agent of the target's node has one of the pod's addresses among the group's subscribers. */
function isSubscribed(agent: CiliumGroups | undefined, c: Case): boolean {
  if (agent === undefined || !isKnown(agent.subscribers)) return true;
  return agent.subscribers.value.some((s) => s.group === c.group.address && c.pod?.podIPs.includes(s.address) === true);
}

function hasRemotes(agent: CiliumGroups, all: readonly CiliumGroups[], group: string): boolean {
  if (all.length < 2 || !isKnown(agent.subscribers)) return true;
  return agent.subscribers.value.some((s) => s.group === group && s.remote);
}

function tableText(agent: CiliumGroups, group: string): string {
  if (!isKnown(agent.groups)) return `not read: ${agent.groups.unknown}`;
  if (!agent.groups.value.includes(group))
    return agent.groups.value.length === 0 ? 'no groups' : `groups: ${agent.groups.value.slice(0, 5).join(', ')}`;
  const subscribers = isKnown(agent.subscribers)
    ? agent.subscribers.value.filter((s) => s.group === group).map((s) => s.address)
    : [];
  return `${group}: subscribers ${subscribers.length > 0 ? subscribers.join(', ') : 'none'}`;
}

/** A loop of the shell, so that nodes that came meanwhile are served too. What is there already is no error. */
function addEverywhere(agents: readonly CiliumGroups[], group: string): string {
  const namespace = agents[0]?.namespace ?? 'kube-system';
  return [
    `for pod in $(kubectl -n ${namespace} get pods -l k8s-app=cilium -o name); do`,
    `  c="kubectl -n ${namespace} exec $pod -c cilium-agent -- cilium-dbg bpf multicast"`,
    `  $c group add ${group} || $c group list | grep -qF ${group}`,
    `  self=$(kubectl -n ${namespace} get $pod -o 'jsonpath={.spec.nodeName}')`,
    `  kubectl get ciliumnodes -o 'jsonpath={range .items[*]}{.metadata.name}{" "}{.spec.addresses[?(@.type=="CiliumInternalIP")].ip}{"\\n"}{end}' | while read -r node ip rest; do`,
    `    test "$node" = "$self" || $c subscriber add ${group} "$ip" </dev/null || $c subscriber list ${group} </dev/null | grep -qF "$ip"`,
    '  done',
    'done',
  ].join('\n');
}

function removeEverywhere(agents: readonly CiliumGroups[], group: string): string {
  const namespace = agents[0]?.namespace ?? 'kube-system';
  return `for pod in $(kubectl -n ${namespace} get pods -l k8s-app=cilium -o name); do kubectl -n ${namespace} exec $pod -c cilium-agent -- cilium-dbg bpf multicast group delete ${group}; done`;
}
