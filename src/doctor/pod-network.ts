/** What the cluster's default network does with the target's multicast, as its settings say. */
import type { PodNetworkFacts } from '../facts/snapshot.ts';
import { valueIn } from '../model/fact.ts';
import { podNetworkTraits } from '../model/pod-networks.ts';
import type { Case } from './case.ts';

/** Whether a network that has a switch for multicast has it on; `undefined` when that cannot be told, or when there is no switch. */
export function switchedOn(c: Case): boolean | undefined {
  const network = valueIn(c.snapshot.cluster.podNetwork);
  const annotations = valueIn(c.snapshot.cluster.namespaces)?.[c.pod?.namespace ?? ''];
  return network === undefined ? undefined : isMulticastOn(network, annotations);
}

/** The same of a network as read, and for pods of a namespace with these annotations. */
export function isMulticastOn(
  network: PodNetworkFacts,
  annotations: Readonly<Record<string, string>> | undefined,
): boolean | undefined {
  if (network.settings['not read'] !== undefined) return undefined;
  if (network.name === 'cilium') return network.settings['multicast-enabled'] === 'true';
  if (network.name === 'ovn-kubernetes')
    return annotations === undefined ? undefined : annotations['k8s.ovn.org/multicast-enabled'] === 'true';
  const config = network.name === 'antrea' ? network.settings['antrea-agent.conf'] : undefined;
  return config === undefined ? undefined : ANTREA_ENABLED.test(`${config}\n`);
}

/** `multicast:` and, indented beneath it, `enable: true`. */
const ANTREA_ENABLED = /^multicast:\s*\n(?:[ \t]+.*\n|[ \t]*#.*\n)*?[ \t]+enable:\s*true/m;

/** Whether the network would bring the target's datagrams to pods of other nodes; `undefined` when that cannot be told. */
export function podNetworkCarries(c: Case): boolean | undefined {
  const name = valueIn(c.snapshot.cluster.podNetwork)?.name;
  const traits = name === undefined ? undefined : podNetworkTraits(name);
  if (traits === undefined) return undefined;
  if (traits.switchable) return switchedOn(c);
  return traits.reach !== 'none' && traits.reach !== 'node';
}
