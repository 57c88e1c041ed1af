import type { PodNetworkFacts } from '../../facts/snapshot.ts';
import { valueIn } from '../../model/fact.ts';
import type { Case } from '../case.ts';
import { lanFlows } from '../expected.ts';
import type { Fix } from '../fix.ts';
import { switchedOn } from '../pod-network.ts';
import type { Rule } from '../rule.ts';
import { evidence } from '../say.ts';
import { notOnPodNetwork } from '../skips.ts';

/** What is off, and how to switch it on. */
interface Switch {
  readonly what: string;
  readonly observed: string;
  readonly advice: string;
  readonly fixes: readonly Fix[];
}

const rule: Rule = {
  id: 'pod-network-multicast-off',
  title: "The pod network's multicast is switched on",
  stage: 'network',
  severity: 'error',
  needs: ['pod', 'podNetwork'],
  skip: (c) => notOnPodNetwork(c) ?? (c.arrivals.length > 0 ? 'the group arrives' : undefined),
  check: (c) => {
    const network = valueIn(c.snapshot.cluster.podNetwork);
    const off = network === undefined ? undefined : switchOf(c, network);
    if (network === undefined || off === undefined || lanFlows(c).length > 0) return [];
    return [
      {
        summary: `${off.what} is off`,
        detail: `The target depends on the pod network (${network.name}) for the group, and that drops multicast unless it is switched on. Joining and sending succeed all the same.`,
        advice: off.advice,
        evidence: [
          evidence('cluster', network.evidence, `the pod network is ${network.name} ${network.version ?? ''}`.trim()),
          evidence('cluster', 'API', off.observed),
        ],
        fixes: off.fixes,
      },
    ];
  },
};
export default rule;

function switchOf(c: Case, network: PodNetworkFacts): Switch | undefined {
  if (network.name === 'openshift-sdn') return openshift(c);
  if (switchedOn(c) !== false) return undefined;
  if (network.name === 'cilium') return cilium(network);
  if (network.name === 'ovn-kubernetes') return ovn(c);
  return network.name === 'antrea' ? antrea() : undefined;
}

function cilium(network: PodNetworkFacts): Switch {
  const [, place = 'kube-system/cilium'] = network.evidence.split(' ');
  const [namespace = 'kube-system', name = 'cilium'] = place.split('/');
  return {
    what: 'Cilium’s multicast-enabled',
    observed: `ConfigMap cilium-config: multicast-enabled is ${network.settings['multicast-enabled'] ?? 'not set'}`,
    advice:
      'Enable it, restart the agents, then add the group on the nodes (kmcast doctor says how once it is enabled). Helm has no value multicast.enabled: use extraConfig.multicast-enabled.',
    fixes: [
      {
        kind: 'cluster',
        title:
          'Enable multicast in Cilium and restart its agents (traffic goes on meanwhile); then run kmcast doctor again: groups must be added too',
        run: [
          `kubectl -n ${namespace} patch configmap cilium-config --type merge -p '{"data":{"multicast-enabled":"true"}}'`,
          `kubectl -n ${namespace} rollout restart daemonset/${name}`,
          `kubectl -n ${namespace} rollout status daemonset/${name} --timeout=300s`,
        ].join('\n'),
        undo: `kubectl -n ${namespace} patch configmap cilium-config --type merge -p '{"data":{"multicast-enabled":"false"}}'`,
      },
    ],
  };
}

function ovn(c: Case): Switch {
  const namespace = c.pod?.namespace ?? '';
  const annotations = valueIn(c.snapshot.cluster.namespaces)?.[namespace];
  return {
    what: `multicast in namespace ${namespace}`,
    observed: `namespace ${namespace}: annotation k8s.ovn.org/multicast-enabled is ${annotations?.['k8s.ovn.org/multicast-enabled'] ?? 'absent'}`,
    advice:
      'Annotate the namespace of sender and receiver (OVN-Kubernetes carries multicast within one namespace), and send with a TTL of at least 3.',
    fixes: [
      {
        kind: 'cluster',
        title: `Switch multicast on in namespace ${namespace}`,
        run: `kubectl annotate namespace ${namespace} k8s.ovn.org/multicast-enabled=true --overwrite`,
        undo: `kubectl annotate namespace ${namespace} k8s.ovn.org/multicast-enabled-`,
      },
    ],
  };
}

function antrea(): Switch {
  return {
    what: 'Antrea’s multicast.enable',
    observed: 'ConfigMap antrea-config, antrea-agent.conf: multicast.enable is not true',
    advice: 'Set multicast.enable to true (Helm: --set multicast.enable=true) and restart the agents.',
    fixes: [
      {
        kind: 'cluster',
        title: 'Enable multicast in Antrea',
        run: 'helm upgrade antrea antrea/antrea -n kube-system --reuse-values --set multicast.enable=true\nkubectl -n kube-system rollout restart daemonset/antrea-agent',
      },
    ],
  };
}

function openshift(c: Case): Switch {
  const namespace = c.pod?.namespace ?? '';
  return {
    what: `multicast in project ${namespace}`,
    observed:
      'OpenShift SDN carries multicast only in projects whose NetNamespace is annotated; whether this one is, the NetNamespace tells',
    advice: 'Annotate the NetNamespace (not the Namespace) of the project.',
    fixes: [
      {
        kind: 'cluster',
        title: `Switch multicast on in project ${namespace}`,
        run: `kubectl annotate netnamespace ${namespace} netnamespace.network.openshift.io/multicast-enabled=true --overwrite`,
      },
    ],
  };
}
