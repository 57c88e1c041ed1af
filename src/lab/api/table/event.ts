import type { KubeObject } from '../../object.ts';
import { columns, type TableKind } from './columns.ts';
import { since } from './duration.ts';

export const eventTable: TableKind = {
  columns: columns('Last Seen|Type|Reason|Object||Subobject|Source|Message|First Seen|Count|Name').map((column) =>
    column.name === 'Message' ? { ...column, priority: 0 } : column,
  ),
  cells: (event, now) => {
    const { involvedObject, series, metadata } = event;
    const first = since(event.firstTimestamp ?? event.eventTime, now);
    const lastTime = series?.lastObservedTime ?? event.lastTimestamp;
    return [
      lastTime == null ? first : since(lastTime, now),
      event.type ?? '',
      event.reason ?? '',
      `${String(involvedObject?.kind ?? '').toLowerCase()}/${involvedObject?.name ?? ''}`,
      involvedObject?.fieldPath ?? '',
      source(event),
      String(event.message ?? '').trim(),
      first,
      series?.count || event.count || 1,
      metadata.name,
    ];
  },
};

function source({ source: legacy, reportingComponent, reportingInstance }: KubeObject): string {
  const component = legacy?.component || reportingComponent || '';
  const host = legacy?.host || reportingInstance || '';
  return host === '' ? component : `${component}, ${host}`;
}
