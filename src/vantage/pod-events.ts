/** What the cluster's events say of a Job's pod that is not made, or does not start. */
import type { Cluster, KubeObject } from '../cluster/cluster.ts';

interface Event extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

/** What the Job's controller says of the pod that it could not create: Pod Security, a quota, a webhook. */
export async function whyNoPod(cluster: Cluster, namespace: string, job: string): Promise<string | undefined> {
  const events = await eventsOf(cluster, namespace, `involvedObject.kind=Job,involvedObject.name=${job}`);
  const message = events.find(({ reason }) => reason === 'FailedCreate')?.message;
  return message && `namespace ${namespace} refuses the pod: ${message.replace(/^Error creating: /, '')}`;
}

/** The last warning about a pod that exists: `FailedCreatePodSandBox: …` of the kubelet, `FailedScheduling: …`. */
export async function whyNotRunning(cluster: Cluster, namespace: string, pod: string): Promise<string | undefined> {
  const events = await eventsOf(cluster, namespace, `involvedObject.kind=Pod,involvedObject.name=${pod}`);
  const last = events
    .filter(({ type }) => type === 'Warning')
    .sort((a, b) => timeOf(a).localeCompare(timeOf(b)))
    .at(-1);
  return last && `${last.reason}: ${last.message}`;
}

const timeOf = ({ lastTimestamp, eventTime, metadata }: Event): string =>
  lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';

/** None where they may not be read. */
function eventsOf(cluster: Cluster, namespace: string, fieldSelector: string): Promise<Event[]> {
  return cluster
    .list<Event>(`/api/v1/namespaces/${encodeURIComponent(namespace)}/events`, { fieldSelector })
    .catch(() => []);
}
