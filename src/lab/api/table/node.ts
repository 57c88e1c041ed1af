import { each, type Part } from '../../store/defaults/fill.ts';
import { columns, type TableKind } from './columns.ts';
import { since } from './duration.ts';
import { NONE } from './text.ts';

const ROLE = 'node-role.kubernetes.io/';

export const nodeTable: TableKind = {
  columns: columns('Name|Status|Roles|Age|Version||Internal-IP|External-IP|OS-Image|Kernel-Version|Container-Runtime'),
  cells: ({ metadata, spec, status }, now) => {
    const info = status?.nodeInfo ?? {};
    return [
      metadata.name,
      readiness(spec, status),
      roles(metadata.labels ?? {}),
      since(metadata.creationTimestamp, now),
      info.kubeletVersion ?? '',
      address(status, 'InternalIP'),
      address(status, 'ExternalIP'),
      info.osImage || '<unknown>',
      info.kernelVersion || '<unknown>',
      info.containerRuntimeVersion || '<unknown>',
    ];
  },
};

function readiness(spec: Part, status: Part): string {
  const ready = each(status?.conditions).find(({ type }) => type === 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable === true ? `${word},SchedulingDisabled` : word;
}

function roles(labels: Readonly<Record<string, string>>): string {
  const found = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(ROLE)) return [key.slice(ROLE.length)];
    return key === 'kubernetes.io/role' ? [value] : [];
  });
  return (
    found
      .filter((role) => role !== '')
      .sort()
      .join(',') || NONE
  );
}

function address(status: Part, kind: string): string {
  return each(status?.addresses).find(({ type }) => type === kind)?.address ?? NONE;
}
