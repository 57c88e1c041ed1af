/** What the paths have in common, in one sentence. */
import type { PathReport, ProbeReport } from './probe-report.ts';

/** What all paths together amount to. */
export function verdictOf(paths: readonly PathReport[]): ProbeReport['verdict'] {
  if (paths.some(({ outcome }) => outcome === 'lost' || outcome === 'lossy')) return 'failed';
  return paths.every(({ outcome }) => outcome === 'ok' || outcome === 'self') ? 'passed' : 'unknown';
}

/** Says where the failing paths are: within nodes, across nodes, from one sender, to one receiver. */
export function summaryOf(paths: readonly PathReport[]): string {
  const tested = paths.filter(({ outcome }) => outcome !== 'self' && outcome !== 'unknown');
  const failed = tested.filter(({ outcome }) => outcome !== 'ok');
  const untested = paths.filter(({ outcome }) => outcome === 'unknown').length;
  const aside = untested === 0 ? '' : `; ${count(untested, 'path')} could not be tested`;
  if (tested.length === 0) return 'no path could be tested';
  if (failed.length === 0)
    return `${tested.length === 1 ? 'the path carries' : `all ${tested.length} paths carry`} the group${aside}`;
  return `${failed.length} of ${count(tested.length, 'path')} ${failed.length === 1 ? 'loses' : 'lose'} datagrams${pattern(tested, failed)}${aside}`;
}

function pattern(tested: readonly PathReport[], failed: readonly PathReport[]): string {
  if (tested.length === 1) return tested[0]?.sameNode === false ? ' (across nodes)' : '';
  const isOf = (test: (path: PathReport) => boolean): boolean =>
    failed.every(test) && tested.filter(test).length === failed.length && failed.length < tested.length;
  if (isOf(({ sameNode }) => sameNode === false)) return ': all across nodes, and none within a node';
  if (isOf(({ sameNode }) => sameNode === true)) return ': all within a node, and none across nodes';
  const first = failed[0]!;
  if (isOf(({ from, fromNamespace }) => from === first.from && fromNamespace === first.fromNamespace))
    return `: all that ${first.from} sends`;
  if (isOf(({ to, toNamespace }) => to === first.to && toNamespace === first.toNamespace))
    return `: all to ${first.to}`;
  if (failed.length === tested.length) return '';
  const back = failed.every(({ from, to }) =>
    tested.some((path) => path.from === to && path.to === from && path.outcome === 'ok'),
  );
  return back ? ': each in one direction, and the other direction works' : '';
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
