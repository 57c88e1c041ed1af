import type { KubeObject } from '../../object.ts';
import { each, type Part } from '../../store/defaults/fill.ts';
import { columns, type TableKind } from './columns.ts';
import { since } from './duration.ts';

const DEFAULT: TableKind = {
  columns: columns('Name|Age:date'),
  cells: ({ metadata }, now) => [metadata.name, since(metadata.creationTimestamp, now)],
};

/** As the definition's additionalPrinterColumns say; name and age where it has none. */
export function customTable(definition: KubeObject | undefined, version: string): TableKind {
  const wanted = each(each(definition?.spec?.versions).find(({ name }) => name === version)?.additionalPrinterColumns);
  if (wanted.length === 0) return DEFAULT;
  return {
    columns: [
      ...columns('Name'),
      ...wanted.map(({ name, type, format, priority }) => ({
        name,
        type,
        format: format ?? '',
        priority: priority ?? 0,
      })),
    ],
    cells: (object, now) => [
      object.metadata.name,
      ...wanted.map(({ jsonPath, type }) => {
        const value = valueAt(object, String(jsonPath));
        return type === 'date' ? since(value, now) : value;
      }),
    ],
  };
}

/** Plain paths only: `.spec.a.b`, `.spec.list[0].c`. */
function valueAt(object: Part, path: string): unknown {
  const steps = path.match(/[^.[\]]+/g) ?? [];
  return steps.reduce((at, step) => (typeof at === 'object' && at !== null ? at[step] : undefined), object) ?? null;
}
