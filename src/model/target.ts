/** Targets as an operator writes them. */

export type TargetKind = 'pod' | 'node' | 'nodes' | 'local' | 'workload' | 'selector' | 'namespace';

export interface TargetName {
  readonly kind: TargetKind;
  /** Name of the pod, node or workload. */
  readonly name?: string;
  readonly container?: string;
  /** Workloads: API path segment (`apps/v1`, `deployments`) and kind. */
  readonly workload?: { readonly group: string; readonly resource: string; readonly kind: string };
  readonly selector?: string;
}

const WORKLOADS: ReadonlyMap<string, { readonly group: string; readonly resource: string; readonly kind: string }> =
  new Map(
    (
      [
        ['Deployment', 'deployments', 'apps/v1', ['deploy', 'deployment', 'deployments']],
        ['StatefulSet', 'statefulsets', 'apps/v1', ['sts', 'statefulset', 'statefulsets']],
        ['DaemonSet', 'daemonsets', 'apps/v1', ['ds', 'daemonset', 'daemonsets']],
        ['ReplicaSet', 'replicasets', 'apps/v1', ['rs', 'replicaset', 'replicasets']],
        ['Job', 'jobs', 'batch/v1', ['job', 'jobs']],
      ] as const
    ).flatMap(([kind, resource, group, names]) => names.map((name) => [name, { kind, resource, group }] as const)),
  );

/** Reads `pod/NAME[/CONTAINER]`, `NAME` (a pod), `deploy/NAME` and other owners, `node/NAME`, `nodes`, `local`. @returns what is wrong, otherwise. */
export function parseTarget(text: string): TargetName | string {
  if (text === 'local') return { kind: 'local' };
  if (text === 'nodes') return { kind: 'nodes' };
  const [head = '', name, container, rest] = text.split('/');
  if (rest !== undefined || text === '' || text.endsWith('/')) return `"${text}" is no target`;
  if (name === undefined) return { kind: 'pod', name: head };
  const kind = head.toLowerCase();
  if (['pod', 'pods', 'po'].includes(kind))
    return { kind: 'pod', name, ...(container === undefined ? {} : { container }) };
  if (container !== undefined) return `"${text}" names a container, which only pod/NAME/CONTAINER does`;
  if (['node', 'no'].includes(kind)) return { kind: 'node', name };
  const workload = WORKLOADS.get(kind.replace(/\.(apps|batch)$/, ''));
  return workload === undefined
    ? `"${text}": kmcast looks at pod, deploy, sts, ds, rs, job, node, nodes and local`
    : { kind: 'workload', name, workload };
}
