/** A probe as text: the matrix of senders and receivers, then what needs words. */
import { oneLine } from '../report/printable.ts';
import type { Style } from '../report/style.ts';
import type { Died } from './died.ts';
import { matrixLines } from './matrix-text.ts';
import type { PathReport, ProbeReport, ReceiverReport, SenderReport } from './probe-report.ts';

export function probeText(report: ProbeReport, s: Style): string {
  const { group, datagrams, verdict, summary } = report;
  const { count, size, rate, ttl } = datagrams;
  const word = { passed: s.good('PASSED'), failed: s.bad('FAILED'), unknown: s.doubt('UNKNOWN') }[verdict];
  return [
    `${s.strong(group)}  ${count} datagrams of ${size} bytes at ${rate}/s from each sender, TTL ${ttl}`,
    '',
    ...matrixLines(report, s),
    '',
    `${word}  ${oneLine(summary, 500)}`,
    ...soundLines(report, s),
    ...pathsLines(report.paths, s),
    ...report.senders.flatMap((sender) => senderLines(sender)),
    ...report.receivers.flatMap(receiverLines),
    ...report.findings.flatMap(({ finding, target, detail }) => [
      '',
      `${s.doubt('!')} ${s.strong(finding)} (${target}): ${oneLine(detail, 500)}`,
    ]),
  ].join('\n');
}

/** A probe's sockets are its own: what applications do with theirs is another question. */
function soundLines({ paths, receivers }: ProbeReport, s: Style): string[] {
  const isSound = ({ name, namespace }: ReceiverReport) => {
    const own = paths.filter((path) => path.to === name && path.toNamespace === namespace && path.outcome !== 'self');
    return namespace !== undefined && own.length > 0 && own.every(({ way }) => way === 'sound');
  };
  const [first, ...more] = receivers.filter(isSound);
  if (first === undefined) return [];
  const to = more.length === 0 ? first.name : `${first.name} and ${more.length} more`;
  const ask = `kmcast doctor ${first.name} -n ${first.namespace}`;
  return [
    s.faint(`the way to ${to} is sound; how the application there joins and listens was not tested: ${oneLine(ask)}`),
  ];
}

/** Paths that are told in words; a large matrix speaks for itself. */
const MOST = 12;

function pathsLines(paths: readonly PathReport[], s: Style): string[] {
  const told = paths.map((path) => pathLines(path, s)).filter((lines) => lines.length > 0);
  const more = told.length - MOST;
  return [...told.slice(0, MOST).flat(), ...(more > 0 ? ['', `and ${more} more: see -o json`] : [])];
}

function pathLines(path: PathReport, s: Style): string[] {
  const name = `${path.from} → ${path.to}`;
  if (path.outcome === 'self') return [];
  if (path.outcome === 'unknown')
    return [
      '',
      `${s.doubt('?')} ${name}: ${oneLine(path.reason ?? '', 500)}`,
      ...(path.died === undefined ? [] : diedLines(path.died, s).map((line) => `  ${line}`)),
    ];
  const odd = path.duplicates > 0 || path.reordered > 0 || path.lost > 0;
  if (path.outcome === 'ok' && !odd) return [];
  const { sent, received, lost, lostAfterFirst, duplicates, reordered } = path;
  const mark = path.outcome === 'ok' ? s.doubt('!') : s.bad('x');
  const counts = [
    `${received} of ${sent} came`,
    ...(lost > 0 && received > 0 ? [`${lostAfterFirst} of the ${lost} lost after the first`] : []),
    ...(duplicates > 0 ? [`${duplicates} came twice`] : []),
    ...(reordered > 0 ? [`${reordered} came late`] : []),
  ];
  return [
    '',
    `${mark} ${s.strong(name)}: ${counts.join(', ')}${path.sameNode === null ? '' : path.sameNode ? ', on one node' : ', across nodes'}`,
    ...(received > 0 ? [`  ${arrivalText(path)}`] : []),
    ...(path.reason === undefined ? [] : [`  ${oneLine(path.reason, 500)}`]),
    ...(path.control === null || path.outcome === 'ok' ? [] : [`  ${controlText(path.control)}`]),
    ...(path.died === undefined ? [] : diedLines(path.died, s).map((line) => `  ${line}`)),
  ];
}

/** How datagrams came, as far as the receiver's runtime tells. */
function arrivalText({ ttl, interfaces }: PathReport): string {
  const on = interfaces === 'unknown' ? 'on an interface that is unknown' : `on ${oneLine(interfaces.join(', '))}`;
  return `they came ${on}, ${ttl === 'unknown' ? 'their TTL is unknown (the receiver ran by Node, which tells neither)' : `with TTL ${ttl.join(', ')}`}`;
}

function diedLines(died: Died, s: Style): string[] {
  const { at, hops, after, before } = died;
  // Of an end that could not be tested: nothing was looked at on the way.
  if (hops.length === 1)
    return [s.strong(`the way ends at: ${at}, ${oneLine(before ?? '')}`), ...findingLines(died, s)];
  if (before === null) return ['a second test of this path, with a look at every hop, lost nothing'];
  const blind = hops.find(({ seen }) => seen === null);
  return [
    after === null
      ? s.strong(`died at: ${at}, before ${oneLine(before)}`)
      : `${s.strong(`died at: ${at}, after ${oneLine(after)}`)}; not at ${oneLine(before)}`,
    ...(blind?.reason === undefined ? [] : [`not every hop could be looked at: ${oneLine(blind.reason)}`]),
    ...findingLines(died, s),
  ];
}

function findingLines({ findings }: Died, s: Style): string[] {
  return findings.map(({ rule, detail, target }) => `${s.strong(rule)} (${target}): ${oneLine(detail, 400)}`);
}

function controlText({ address, sent, received }: NonNullable<PathReport['control']>): string {
  if (received === sent) return `unicast between them works (${address}, ${received} of ${sent})`;
  return received === 0
    ? `unicast between them does not arrive either (${address}, 0 of ${sent})`
    : `unicast between them loses too (${address}, ${received} of ${sent})`;
}

function senderLines({ name, errors, sent }: SenderReport): string[] {
  return errors.length > 0 && sent > 0 ? ['', `${name}: ${oneLine(errors.join('; '), 500)}`] : [];
}

function receiverLines(receiver: ReceiverReport): string[] {
  const { name, foreign, bufferOverflow = 0 } = receiver;
  return [
    ...(bufferOverflow > 0
      ? [
          '',
          `${name}: ${bufferOverflow} datagrams arrived and were dropped by the test's own full buffer: lower --rate`,
        ]
      : []),
    ...(foreign > 0 ? ['', `${name}: ${foreign} datagrams to the group are somebody else's`] : []),
  ];
}
