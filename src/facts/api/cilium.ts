/** Cilium's multicast tables: they are in each node's BPF maps and nowhere in the API, so each agent is asked by its own tool. */
import type { Cluster, KubeObject } from '../../cluster/cluster.ts';
import { type Fact, isKnown, known, unknown, valueIn } from '../../model/fact.ts';
import { isObject } from '../../model/nad.ts';
import type { CiliumGroups } from '../snapshot.ts';
import { attempt } from './attempt.ts';
import { runInPod } from './run-in-pod.ts';

interface AgentPod extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly phase?: string };
}

interface CiliumNode extends KubeObject {
  readonly spec?: { readonly addresses?: readonly { readonly type: string; readonly ip: string }[] };
}

/** Agents asked at once. */
const AT_ONCE = 8;
/** More nodes than this are not asked one by one: the target's and the sender's tell enough. */
const LIMIT = 64;

export async function ciliumGroups(cluster: Cluster, namespace: string): Promise<Fact<readonly CiliumGroups[]>> {
  const [pods, nodes] = await Promise.all([
    attempt(cluster.list<AgentPod>(`/api/v1/namespaces/${namespace}/pods`, { labelSelector: 'k8s-app=cilium' })),
    attempt(cluster.list<CiliumNode>('/apis/cilium.io/v2/ciliumnodes')),
  ]);
  const agents = valueIn(pods);
  if (agents === undefined) return unknown('unknown' in pods ? pods.unknown : 'no agents');
  const running = agents
    .filter((pod) => pod.status?.phase === 'Running' && pod.spec?.nodeName !== undefined)
    .slice(0, LIMIT);
  const results: CiliumGroups[] = [];
  for (let i = 0; i < running.length; i += AT_ONCE) {
    results.push(
      ...(await Promise.all(
        running.slice(i, i + AT_ONCE).map((pod) => askAgent(cluster, namespace, pod, valueIn(nodes) ?? [])),
      )),
    );
  }
  return known(results);
}

async function askAgent(
  cluster: Cluster,
  namespace: string,
  pod: AgentPod,
  nodes: readonly CiliumNode[],
): Promise<CiliumGroups> {
  const node = pod.spec?.nodeName ?? '';
  const run = (...args: string[]) =>
    runInPod(cluster, {
      namespace,
      pod: pod.metadata.name,
      container: 'cilium-agent',
      command: ['cilium-dbg', 'bpf', 'multicast', ...args, '-o', 'json'],
    });
  const [groups, subscribers] = await Promise.all([run('group', 'list'), run('subscriber', 'list', 'all')]);
  const internalIP = nodes
    .find((n) => n.metadata.name === node)
    ?.spec?.addresses?.find((a) => a.type === 'CiliumInternalIP' && !a.ip.includes(':'))?.ip;
  return {
    node,
    pod: pod.metadata.name,
    namespace,
    ...(internalIP === undefined ? {} : { internalIP }),
    groups: understood(groups, parseGroups),
    subscribers: understood(subscribers, parseSubscribers),
  };
}

/** An empty table is printed as nothing or `null`; words that are no JSON are not an empty table. */
function understood<T>(output: Fact<string>, parse: (text: string) => T): Fact<T> {
  if (!isKnown(output)) return output;
  const plain = output.value.trim() === '' || json(output.value) !== undefined;
  return plain
    ? known(parse(output.value))
    : unknown(`cilium-dbg printed no JSON: ${output.value.trim().slice(0, 80)}`);
}

/** `["239.1.2.3", …]`; an empty table is printed as `null` or nothing. */
export function parseGroups(text: string): string[] {
  const value = json(text);
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** `[{"group_address": …, "subscribers": [{"SAddr": …, "Ifindex": …, "IsRemote": …}]}]`. */
export function parseSubscribers(text: string): { group: string; address: string; remote: boolean }[] {
  const value = json(text);
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).flatMap((entry) =>
    (Array.isArray(entry.subscribers) ? entry.subscribers : []).filter(isObject).map((s) => ({
      group: String(entry.group_address ?? ''),
      address: String(s.SAddr ?? s.saddr ?? ''),
      remote: s.IsRemote === true || s.isRemote === true,
    })),
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
