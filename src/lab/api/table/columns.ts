/** How a kind's table looks: the columns' names, and an object's cells. */
import type { KubeObject } from '../../object.ts';

/** meta/v1 TableColumnDefinition. Priority 1: only with `-o wide`. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly priority: number;
}

export interface TableKind {
  readonly columns: readonly Column[];
  /** `now`: milliseconds since 1970. */
  readonly cells: (object: KubeObject, now: number) => unknown[];
}

/** From `Name|Ready|Desired:integer||IP|Node`: what stands after `||` is for `-o wide`. */
export function columns(text: string): Column[] {
  const [normal = '', wide = ''] = text.split('||');
  return [...named(normal, 0), ...named(wide, 1)];
}

function named(text: string, priority: number): Column[] {
  if (text === '') return [];
  return text.split('|').map((word) => {
    const [name = '', type = 'string'] = word.split(':');
    return { name, type, format: name === 'Name' ? 'name' : '', priority };
  });
}
