/** Rows of the kinds with little to show. */
import type { KubeObject } from '../../object.ts';
import { each } from '../../store/defaults/fill.ts';
import { columns, type TableKind } from './columns.ts';
import { since } from './duration.ts';
import { count } from './text.ts';

/** `middle`: the columns between the name and the age. */
function simple(middle: string, cells: (object: KubeObject) => unknown[]): TableKind {
  return {
    columns: columns(`Name|${middle === '' ? '' : `${middle}|`}Age`),
    cells: (object, now) => [object.metadata.name, ...cells(object), since(object.metadata.creationTimestamp, now)],
  };
}

export const genericTable = simple('', () => []);

/** What is shown with its time of creation. */
export const datedTable: TableKind = {
  columns: columns('Name|Created At:date'),
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
};

export const namespaceTable = simple('Status', ({ status }) => [status?.phase ?? '']);
export const configMapTable = simple('Data', ({ data, binaryData }) => [count(data, binaryData)]);
export const secretTable = simple('Type|Data', ({ type, data }) => [type, count(data)]);
export const serviceAccountTable = simple('Secrets', ({ secrets }) => [each(secrets).length]);
export const leaseTable = simple('Holder', ({ spec }) => [spec?.holderIdentity ?? '']);

export const bindingTable: TableKind = {
  columns: columns('Name|Role|Age||Users|Groups|ServiceAccounts'),
  cells: ({ metadata, roleRef, subjects }, now) => {
    const named = (kind: string) => each(subjects).filter((subject) => subject.kind === kind);
    return [
      metadata.name,
      `${roleRef?.kind}/${roleRef?.name}`,
      since(metadata.creationTimestamp, now),
      named('User')
        .map(({ name }) => name)
        .join(', '),
      named('Group')
        .map(({ name }) => name)
        .join(', '),
      named('ServiceAccount')
        .map(({ name, namespace }) => `${namespace ?? ''}/${name}`)
        .join(', '),
    ];
  },
};
