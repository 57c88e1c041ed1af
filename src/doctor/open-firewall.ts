/** How to open a packet filter of the case's target: on its node, or from its node in the pod's namespace. */
import { valueIn } from '../model/fact.ts';
import { type AcceptCommand, acceptCommand } from '../plan/firewall.ts';
import type { Case } from './case.ts';
import { firewallOf } from './filtered.ts';
import type { Fix } from './fix.ts';
import type { Stopped } from './stopped.ts';

export function openFirewall(c: Case, stopped: Stopped, what: string): Fix[] {
  const command = acceptCommand(stopped.by, stopped.datagram, firewallOf(c)?.tool ?? '');
  const node = c.target.node;
  if (node === undefined) return [{ kind: 'advice', on: 'network', title: `Let ${what} through: ${command.run}` }];
  if (c.onHost) return [onNode(node, what, command)];
  const container = c.pod?.containers.find((x) => x.state === 'running')?.id;
  if (container === undefined)
    return [{ kind: 'advice', on: 'application', title: `Let ${what} through in the pod’s namespace: ${command.run}` }];
  return [
    {
      kind: 'node',
      node,
      title: `Let ${what} through the firewall in the pod’s namespace (until the pod is created anew; change what sets the rule: an init container, a sidecar, a chained CNI plugin)`,
      run: inNamespace(container, command.run),
      undo: inNamespace(container, command.undo),
    },
  ];
}

/** The same for the filter of the target's node, which stops what is for a pod. */
export function openNodeFirewall(c: Case, stopped: Stopped, what: string): Fix[] {
  const observation = valueIn(c.nodeObservation);
  const tool = observation === undefined ? '' : (valueIn(observation.netns.firewall)?.tool ?? '');
  const command = acceptCommand(stopped.by, stopped.datagram, tool);
  return c.target.node === undefined ? [] : [onNode(c.target.node, what, command)];
}

function onNode(node: string, what: string, command: AcceptCommand): Fix {
  const title = `Let ${what} through the firewall of the node (until it is loaded anew; add it where the rules come from)`;
  return { kind: 'node', node, title, ...command };
}

/**
 * Finds the container's process at the moment of pasting, since a pid of now may be another's then: in containerd's state, else
 * by its control group.
 */
function inNamespace(container: string, command: string): string {
  const state = `/run/containerd/*/k8s.io/${container}/init.pid`;
  const find = `{ cat ${state} || grep -l ${container} /proc/[0-9]*/cgroup; } 2>/dev/null | head -n 1 | tr -dc 0-9`;
  return `pid=$(${find})\nnsenter -t "$pid" -n ${command}`;
}
