/** The matrix of a probe on one screen: all of it, with numbers for the columns, or a row for each end, the worst first. */
import type { Style } from '../report/style.ts';
import { tableLines } from '../report/table.ts';
import type { PathReport, ProbeReport, ReceiverReport, SenderReport, Tally } from './probe-report.ts';

/** Rows of a matrix, and of ends, that are still read. */
const MOST_ROWS = 40;
const MOST_ENDS = 15;

/** Rows are senders, columns receivers. */
export function matrixLines(report: ProbeReport, s: Style): string[] {
  const isWhole = report.paths.length === report.senders.length * report.receivers.length;
  if (!isWhole || report.senders.length > MOST_ROWS) return endLines(report, s);
  const full = tableLines(['FROM \\ TO', ...report.receivers.map(titleOf)], rowsOf(report, titles(report), cell));
  if (fits(full, s)) return headed(full, s);
  const { legend, names } = numbered(report);
  const columns = report.receivers.map((_, index) => String(index + 1));
  const short = tableLines(['FROM \\ TO', ...columns], rowsOf(report, names, shortCell));
  return fits(short, s) ? [...headed(short, s), ...legend.map(s.faint)] : endLines(report, s);
}

function fits(lines: readonly string[], { width }: Style): boolean {
  return lines.every((line) => line.length <= width);
}

function headed([head = '', ...rows]: readonly string[], s: Style): string[] {
  return [s.faint(head), ...rows];
}

function rowsOf(report: ProbeReport, names: readonly string[], say: (path: PathReport) => string): string[][] {
  const { receivers, paths } = report;
  return names.map((name, i) => [name, ...paths.slice(i * receivers.length, (i + 1) * receivers.length).map(say)]);
}

function titles({ senders }: ProbeReport): string[] {
  return senders.map(titleOf);
}

function titleOf({ name, node }: SenderReport | ReceiverReport): string {
  return node === undefined || name.startsWith('node/') ? name : `${name} @${node}`;
}

/** Who sends and receives has its number in its row; other receivers are told below. */
function numbered(report: ProbeReport): { readonly legend: string[]; readonly names: string[] } {
  const { senders, receivers } = report;
  const number = new Map(receivers.map((end, index) => [keyOf(end), index + 1]));
  const sending = new Set(senders.map(keyOf));
  const others = receivers.flatMap((end, index) => (sending.has(keyOf(end)) ? [] : [`${index + 1} ${titleOf(end)}`]));
  return {
    names: senders.map((end) => `${number.has(keyOf(end)) ? `${number.get(keyOf(end))} ` : ''}${titleOf(end)}`),
    legend: others.length === 0 ? [] : ['', `to: ${others.join(', ')}`],
  };
}

function keyOf({ name, namespace }: SenderReport | ReceiverReport): string {
  return `${namespace ?? ''}/${name}`;
}

/** `ok 0.12 ms`, `3% lost`, `LOST`, `?`; `=` marks a path within one node. */
function cell(path: PathReport): string {
  const within = path.sameNode === true ? ' =' : '';
  switch (path.outcome) {
    case 'self':
      return '-';
    case 'unknown':
      return '?';
    case 'lost':
      return `LOST${within}`;
    case 'lossy':
      return `${share(path)} lost${within}`;
    case 'ok':
      return `ok${path.latency === null ? '' : ` ${path.latency.median.toFixed(2)} ms`}${within}`;
  }
}

function shortCell(path: PathReport): string {
  return path.outcome === 'lossy' ? share(path) : cell({ ...path, latency: null, sameNode: null });
}

function share({ lost, sent }: PathReport): string {
  const percent = (lost / Math.max(1, sent)) * 100;
  return percent >= 1 ? `${Math.round(percent)}%` : `${percent.toPrecision(1)}%`;
}

interface EndRow {
  readonly title: string;
  sends?: Tally;
  hears?: Tally;
}

/** One row for each end: how many of its paths are fine, as a sender and as a receiver. */
function endLines(report: ProbeReport, s: Style): string[] {
  const rows = new Map<string, EndRow>();
  const row = (end: SenderReport | ReceiverReport): EndRow => {
    const known = rows.get(keyOf(end)) ?? { title: titleOf(end) };
    rows.set(keyOf(end), known);
    return known;
  };
  for (const [s, end] of report.senders.entries()) row(end).sends = end.tally ?? tallyOf(ofSender(report, s));
  for (const [r, end] of report.receivers.entries()) row(end).hears = end.tally ?? tallyOf(ofReceiver(report, r));
  const all = [...rows.values()].sort((a, b) => badness(b) - badness(a));
  const bad = all.filter((one) => badness(one) > 0);
  const shown = bad.length === 0 ? all.slice(0, 1) : bad.slice(0, MOST_ENDS);
  const lines = tableLines(
    ['END', 'REACHES', 'HEARS'],
    shown.map(({ title, sends, hears }) => [title, told(sends), told(hears)]),
  );
  const [hidden, fine] = [
    bad.length - Math.min(bad.length, MOST_ENDS),
    all.length - Math.max(bad.length, shown.length),
  ];
  return [
    ...headed(lines, s),
    ...(hidden > 0 ? [s.faint(`… and ${hidden} more with loss: see -o json`)] : []),
    ...(fine > 0
      ? [s.faint(`… and ${fine} more: ${bad.length > 0 ? 'of their own paths every one is fine' : 'the same'}`)]
      : []),
  ];
}

function ofSender({ receivers, paths }: ProbeReport, s: number): PathReport[] {
  return paths.slice(s * receivers.length, (s + 1) * receivers.length);
}

function ofReceiver({ receivers, paths }: ProbeReport, r: number): PathReport[] {
  return paths.filter((_, index) => index % receivers.length === r);
}

function tallyOf(paths: readonly PathReport[]): Tally {
  const count = (outcome: PathReport['outcome']) => paths.filter((path) => path.outcome === outcome).length;
  return { ok: count('ok'), lossy: count('lossy'), lost: count('lost'), unknown: count('unknown') };
}

/** Loss counts before what is not known; nothing at all before a part. */
function badness({ sends, hears }: EndRow): number {
  const of = (tally: Tally | undefined) => (tally === undefined ? 0 : 4 * tally.lost + 2 * tally.lossy + tally.unknown);
  return of(sends) + of(hears);
}

/** `997 of 999, 1 lost, 1 lossy`. */
function told(tally: Tally | undefined): string {
  if (tally === undefined) return '';
  const { ok, lossy, lost, unknown } = tally;
  const all = ok + lossy + lost + unknown;
  const parts = [
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(lossy > 0 ? [`${lossy} in part`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ];
  return [`${ok} of ${all}`, ...parts].join(', ');
}
