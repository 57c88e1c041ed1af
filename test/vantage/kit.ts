/** A namespace with pods on the test cluster, and what a vantage says. */
import type { AgentMessage, Enter, Look, ObserveJob, Reads } from '../../src/agent/protocol.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { connect } from '../../src/cluster/connect.ts';
import { containerIds, type Pod } from '../../src/vantage/pod.ts';
import type { JobEnd, Vantage } from '../../src/vantage/vantage.ts';

export const NS = `kmv-${process.pid}`;

export async function makeNamespace(labels: Record<string, string> = {}, name = NS): Promise<Cluster> {
  const cluster = await connect({});
  await cluster.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  return cluster;
}

export async function dropNamespace(cluster: Cluster, name = NS): Promise<void> {
  await cluster.delete(`/api/v1/namespaces/${name}`);
}

/** Makes a pod on node1 and waits until it runs (`until` says otherwise). */
export async function makePod(
  cluster: Cluster,
  name: string,
  spec: object,
  until = isRunning,
  namespace = NS,
): Promise<Pod> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const base = { nodeName: 'node1', terminationGracePeriodSeconds: 0, automountServiceAccountToken: false };
  await cluster.create(path, { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { ...base, ...spec } });
  let pod: Pod | undefined;
  const done = await cluster.watch<Pod>(path, { fieldSelector: `metadata.name=${name}` }, 30_000, (_, object) => {
    pod = object;
    return until(object);
  });
  if (!done || !pod) throw new Error(`pod ${name}: ${JSON.stringify(pod?.status)}`);
  return pod;
}

export function isRunning(pod: Pod): boolean {
  const statuses = pod.status?.containerStatuses ?? [];
  return statuses.length > 0 && statuses.every(({ state }) => state?.running !== undefined);
}

export function container(name: string, image: string, command?: string[]): object {
  return { name, image: `localhost/${image}:1`, imagePullPolicy: 'Never', ...(command ? { command } : {}) };
}

export const SLEEP = ['sleep', '3600'];
export const LINKS = { name: 'links', protocol: 0, type: 18, body: Buffer.alloc(16).toString('base64') };

export interface Heard {
  readonly end: JobEnd;
  readonly messages: readonly AgentMessage[];
  of<T extends AgentMessage['type']>(type: T): Extract<AgentMessage, { type: T }>[];
}

export async function observe(
  vantage: Vantage,
  enter: Enter,
  reads: Partial<Reads> = {},
  look?: Look,
  signal?: AbortSignal,
): Promise<Heard> {
  const all = { files: ['/proc/net/igmp'], netlink: [LINKS], commands: [], owners: false, ...reads };
  const job: ObserveJob = {
    kind: 'observe',
    deadline: 10,
    places: [{ id: 'x', enter, reads: all, ...(look ? { look } : {}) }],
  };
  const messages: AgentMessage[] = [];
  const end = await vantage.run(job, (message) => messages.push(message), signal);
  return {
    end,
    messages,
    of: <T extends AgentMessage['type']>(type: T) =>
      messages.filter((message): message is Extract<AgentMessage, { type: T }> => message.type === type),
  };
}

/** Names of all pods and jobs in the namespace. */
export async function everything(cluster: Cluster, namespace = NS): Promise<string[]> {
  const [pods, jobs] = await Promise.all([
    cluster.list(`/api/v1/namespaces/${namespace}/pods`),
    cluster.list(`/apis/batch/v1/namespaces/${namespace}/jobs`),
  ]);
  return [...pods, ...jobs].map(({ metadata }) => metadata.name).sort();
}

/** How an agent on the pod's node enters it. */
export function enterPod(pod: Pod): Enter {
  const { name, namespace = '', uid = '' } = pod.metadata;
  return { kind: 'pod', containers: containerIds(pod), uid, name, namespace };
}
