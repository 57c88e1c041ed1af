/** What each way in needs, asked before acting. Each function returns why it is not allowed, or undefined. */
import type { Access, Cluster, KubeObject } from '../cluster/cluster.ts';

/** An exec is a WebSocket, which begins with a GET: RBAC knows it as `get`. */
export function mayExec(cluster: Cluster, namespace: string): Promise<string | undefined> {
  return denied(cluster, [{ verb: 'get', resource: 'pods', subresource: 'exec', namespace }]);
}

/** A Job, its pod, an exec into it, and removing both. */
export function mayMakePod(cluster: Cluster, namespace: string): Promise<string | undefined> {
  return denied(cluster, [
    { verb: 'create', group: 'batch', resource: 'jobs', namespace },
    { verb: 'delete', group: 'batch', resource: 'jobs', namespace },
    { verb: 'watch', resource: 'pods', namespace },
    { verb: 'delete', resource: 'pods', namespace },
    { verb: 'get', resource: 'pods', subresource: 'exec', namespace },
  ]);
}

/** The same for a pod that is privileged, or on the node's network: Pod Security has to allow it as well. */
export async function mayMakeNodePod(cluster: Cluster, namespace: string): Promise<string | undefined> {
  const [access, enforced] = await Promise.all([mayMakePod(cluster, namespace), podSecurity(cluster, namespace)]);
  if (access || enforced === undefined || enforced === 'privileged') return access;
  return `namespace ${namespace} enforces Pod Security ${enforced}, which refuses privileged pods`;
}

/** What makes a fleet's pods and what they need, deleting all of it at once, and seeing it. The nodes' network is a host's for Pod Security. */
export async function mayMakeFleet(
  cluster: Cluster,
  namespace: string,
  workload: { readonly group: string; readonly resource: string },
  hostNetwork: boolean,
): Promise<string | undefined> {
  const [access, enforced] = await Promise.all([
    denied(cluster, [
      { verb: 'create', group: 'batch', resource: 'jobs', namespace },
      { verb: 'delete', group: 'batch', resource: 'jobs', namespace },
      { verb: 'create', resource: 'configmaps', namespace },
      { verb: 'create', ...workload, namespace },
      { verb: 'watch', ...workload, namespace },
      { verb: 'delete', ...workload, namespace },
      { verb: 'list', resource: 'pods', namespace },
      { verb: 'watch', resource: 'pods', namespace },
      { verb: 'delete', resource: 'pods', namespace },
      { verb: 'deletecollection', resource: 'pods', namespace },
    ]),
    podSecurity(cluster, namespace),
  ]);
  if (access || !hostNetwork || enforced === undefined || enforced === 'privileged') return access;
  return `namespace ${namespace} enforces Pod Security ${enforced}, which refuses pods with the node's network`;
}

/** Changing the pod, an exec and an attach. */
export function mayAddEphemeral(cluster: Cluster, namespace: string): Promise<string | undefined> {
  return denied(cluster, [
    { verb: 'patch', resource: 'pods', subresource: 'ephemeralcontainers', namespace },
    { verb: 'watch', resource: 'pods', namespace },
    { verb: 'get', resource: 'pods', subresource: 'exec', namespace },
    { verb: 'get', resource: 'pods', subresource: 'attach', namespace },
  ]);
}

async function denied(cluster: Cluster, wanted: readonly Access[]): Promise<string | undefined> {
  const answers = await Promise.all(wanted.map((access) => cluster.can(access)));
  const reasons = [...new Set(answers.filter(({ allowed }) => !allowed).map(({ reason }) => reason))];
  return reasons.length === 0 ? undefined : together(reasons);
}

/** `A is forbidden in namespace N for user U` of several acts, said once. */
function together(reasons: readonly string[]): string {
  const parts = reasons.map((reason) => / is forbidden /.exec(reason));
  const rests = new Set(parts.map((part) => part?.input.slice(part.index + ' is forbidden '.length)));
  const [rest] = rests;
  if (reasons.length === 1 || rests.size > 1 || rest === undefined) return reasons.join('; ');
  const acts = parts.map((part) => part?.input.slice(0, part.index));
  return `${acts.slice(0, -1).join(', ')} and ${acts.at(-1)} are forbidden ${rest}`;
}

/** The level that a namespace enforces by its label; undefined when it has none or may not be read (then the act itself tells). */
async function podSecurity(cluster: Cluster, namespace: string): Promise<string | undefined> {
  try {
    const { metadata } = await cluster.get<KubeObject>(`/api/v1/namespaces/${encodeURIComponent(namespace)}`);
    return metadata.labels?.['pod-security.kubernetes.io/enforce'];
  } catch {
    return undefined;
  }
}
