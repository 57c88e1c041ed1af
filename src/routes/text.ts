/** The routes view as one table for each target, and the sentences beneath it. */
import Table from 'cli-table3';
import { oneLine } from '../report/printable.ts';
import type { Style } from '../report/style.ts';
import type { InterfaceRow, RoutesView } from './view.ts';

const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
const MODES = ['off', 'strict', 'loose'];

export function routesText(view: RoutesView, s: Style): string {
  const place = [
    view.target,
    view.namespace === null ? '' : `in ${view.namespace}`,
    view.node === null || view.target.startsWith('node/') ? '' : `on ${view.node}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
  const rows = view.interfaces.filter((row) => row.role !== 'loopback' && !isPlumbing(row));
  const table = new Table({
    head: ['INTERFACE', 'ROLE', 'STATE', 'KIND', 'ADDRESS', 'GROUP ROUTE', 'SOURCE ROUTE', 'RP_FILTER', 'MEMBER OF'],
    chars: PLAIN,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map(cells));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [
    s.strong(oneLine(place)),
    ...(rows.length > 0 ? lines : []),
    ...view.sentences.map((sentence) => oneLine(sentence, 500)),
    ...view.unknown.map((reason) => `unknown: ${oneLine(reason)}`),
  ].join('\n');
}

/** A node's ends of pods' veths and what is down: of no use to somebody who looks for a LAN. */
function isPlumbing(row: InterfaceRow): boolean {
  if (row.role !== 'node' || row.addresses.length > 0 || row.memberships.length > 0) return false;
  return row.state === 'down' || row.kind === 'veth';
}

function cells(row: InterfaceRow): string[] {
  return [
    row.name,
    row.role,
    row.state,
    row.parent === null ? row.kind : `${row.kind} on ${row.parent}`,
    several(row.addresses),
    several(row.groupRoutes),
    several(row.sourceRoutes),
    row.rpFilter === null ? '?' : (MODES[row.rpFilter] ?? String(row.rpFilter)),
    several(row.memberships),
  ].map((cell) => oneLine(cell, 60));
}

function several(values: readonly string[]): string {
  return values.length === 0
    ? '-'
    : values.length <= 2
      ? values.join(', ')
      : `${values.slice(0, 2).join(', ')} +${values.length - 2}`;
}
