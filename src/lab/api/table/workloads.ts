/** Rows of what makes pods. */
import type { KubeObject } from '../../object.ts';
import { each } from '../../store/defaults/fill.ts';
import { columns, type TableKind } from './columns.ts';
import { humanDuration, since } from './duration.ts';
import { containers, labels, selector } from './text.ts';

export const deploymentTable: TableKind = {
  columns: columns('Name|Ready|Up-to-date|Available|Age||Containers|Images|Selector'),
  cells: (object, now) => [
    object.metadata.name,
    `${object.status?.readyReplicas ?? 0}/${object.spec?.replicas ?? 0}`,
    object.status?.updatedReplicas ?? 0,
    object.status?.availableReplicas ?? 0,
    ...rest(object, now),
  ],
};

export const replicaSetTable: TableKind = {
  columns: columns('Name|Desired:integer|Current:integer|Ready:integer|Age||Containers|Images|Selector'),
  cells: (object, now) => [
    object.metadata.name,
    object.spec?.replicas ?? 0,
    object.status?.replicas ?? 0,
    object.status?.readyReplicas ?? 0,
    ...rest(object, now),
  ],
};

export const statefulSetTable: TableKind = {
  columns: columns('Name|Ready|Age||Containers|Images'),
  cells: ({ metadata, spec, status }, now) => [
    metadata.name,
    `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
    since(metadata.creationTimestamp, now),
    ...containers(spec?.template?.spec),
  ],
};

export const daemonSetTable: TableKind = {
  columns: columns(
    'Name|Desired:integer|Current:integer|Ready:integer|Up-to-date:integer|Available:integer|Node Selector|Age||Containers|Images|Selector',
  ),
  cells: (object, now) => [
    object.metadata.name,
    object.status?.desiredNumberScheduled ?? 0,
    object.status?.currentNumberScheduled ?? 0,
    object.status?.numberReady ?? 0,
    object.status?.updatedNumberScheduled ?? 0,
    object.status?.numberAvailable ?? 0,
    labels(object.spec?.template?.spec?.nodeSelector),
    ...rest(object, now),
  ],
};

export const jobTable: TableKind = {
  columns: columns('Name|Status|Completions|Duration|Age||Containers|Images|Selector'),
  cells: (job, now) => [job.metadata.name, jobStatus(job), completions(job), duration(job, now), ...rest(job, now)],
};

export const cronJobTable: TableKind = {
  columns: columns(
    'Name|Schedule|Timezone|Suspend:boolean|Active:integer|Last Schedule|Age||Containers|Images|Selector',
  ),
  cells: ({ metadata, spec, status }, now) => [
    metadata.name,
    spec?.schedule ?? '',
    spec?.timeZone ?? '<none>',
    String(spec?.suspend ?? false).replace(/^./, (letter) => letter.toUpperCase()),
    each(status?.active).length,
    status?.lastScheduleTime === undefined ? '<none>' : since(status.lastScheduleTime, now),
    since(metadata.creationTimestamp, now),
    ...containers(spec?.jobTemplate?.spec?.template?.spec),
    selector(spec?.jobTemplate?.spec?.selector),
  ],
};

function rest({ metadata, spec }: KubeObject, now: number): unknown[] {
  const { template } = spec ?? {};
  return [since(metadata.creationTimestamp, now), ...containers(template?.spec), selector(spec?.selector)];
}

function jobStatus({ metadata, status }: KubeObject): string {
  const has = (kind: string) => each(status?.conditions).some(({ type, status: is }) => type === kind && is === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function completions({ spec, status }: KubeObject): string {
  const done = status?.succeeded ?? 0;
  if (typeof spec?.completions === 'number') return `${done}/${spec.completions}`;
  return (spec?.parallelism ?? 0) > 1 ? `${done}/1 of ${spec.parallelism}` : `${done}/1`;
}

function duration({ status }: KubeObject, now: number): string {
  const start = Date.parse(status?.startTime);
  if (Number.isNaN(start)) return '';
  const end = Date.parse(status?.completionTime) || now;
  return humanDuration(Math.floor((end - start) / 1000));
}
