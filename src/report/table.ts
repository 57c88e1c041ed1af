/** Tables as columns of plain text. */
import Table from 'cli-table3';
import { oneLine } from './printable.ts';

const PLAIN = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) => [
    [side, ''],
    ...['mid', 'left', 'right'].map((end) => [`${side}-${end}`, '']),
  ]),
);

/** Lines of a table with two spaces between columns. `numbers`: indexes of the columns that stand to the right. */
export function tableLines(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string[] {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, index) => (numbers.includes(index) ? 'right' : 'left')),
    chars: { ...PLAIN, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => row.map((cell) => oneLine(cell, 60))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
