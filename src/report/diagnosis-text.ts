/** A diagnosis on one screen: the verdict, why, what was seen, the fix to paste, and what else there is to know. */
import type { Diagnosis, Finding } from '../doctor/diagnosis.ts';
import { planText } from './plan-text.ts';
import { oneLine, printable } from './printable.ts';
import { type Style, wrap } from './style.ts';

const MARGIN = 9;

export function diagnosisText(d: Diagnosis, s: Style): string {
  const errors = d.findings.filter((f) => f.severity === 'error');
  const [cause, ...others] = errors;
  const rest = [...others, ...d.findings.filter((f) => f.severity !== 'error')];
  return [
    ...verdictLines(d, s),
    ...(cause === undefined ? [] : causeLines(cause, s)),
    ...(rest.length === 0 ? [] : ['', ...rest.flatMap((f) => findingLines(f, d.vantages.some(isFiles), s))]),
    ...(d.plan.steps.length === 0 ? [] : ['', ...planText(d.plan, d.alternatives, s)]),
    '',
    ...checkLines(d, s),
  ].join('\n');
}

function verdictLines(d: Diagnosis, s: Style): string[] {
  const word = { broken: s.bad('BROKEN'), healthy: s.good('HEALTHY'), unknown: s.doubt('UNKNOWN') }[d.verdict];
  const pad = ' '.repeat(MARGIN - d.verdict.length);
  const where = [
    d.target.name,
    d.target.namespace === null ? '' : `in ${d.target.namespace}`,
    d.target.file === undefined ? '' : `(${d.target.file})`,
    d.target.node === null || d.target.name === `node/${d.target.node}` ? '' : `on ${d.target.node}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
  const group = d.group === null ? '' : `  group ${d.group}`;
  return [`${word}${pad}${s.strong(oneLine(`${where}${group}`))}`, ...indented('', oneLine(d.summary, 600), s)];
}

function causeLines(cause: Finding, s: Style): string[] {
  return ['', ...indented('Cause', `${cause.rule}: ${cause.detail}`, s), ...evidenceLines(cause, s)];
}

/** Where, what and from which source in columns; a column as wide as its widest entry, within reason. */
function evidenceLines(finding: Finding, s: Style): string[] {
  const column = (texts: readonly string[], most: number) =>
    Math.min(most, Math.max(0, ...texts.map((text) => text.length)));
  const at = column(
    finding.evidence.map((e) => e.at),
    34,
  );
  return finding.evidence.flatMap((e, i) => {
    const label = (i === 0 ? 'Seen' : '').padEnd(MARGIN);
    const [first = '', ...more] = wrap(
      `${oneLine(e.observed, 400)} (${oneLine(e.source, 60)})`,
      s.width - MARGIN - at - 2,
    );
    const indent = ' '.repeat(MARGIN + at + 2);
    return [`${label}${oneLine(e.at, 60).padEnd(at)}  ${first}`, ...more.map((line) => indent + line)];
  });
}

/** A line of a file is what an author looks for, so that of files warnings show theirs too. */
function findingLines(finding: Finding, places: boolean, s: Style): string[] {
  const label = finding.severity === 'error' ? 'Also' : finding.severity === 'warning' ? 'Warning' : 'Note';
  return [
    ...indented(label, `${finding.rule}: ${finding.title}`, s),
    ...(finding.severity === 'info' ? [] : indented('', finding.advice, s)),
    ...(places ? evidenceLines(finding, s) : []),
  ];
}

function isFiles(vantage: Diagnosis['vantages'][number]): boolean {
  return vantage.kind === 'files';
}

function checkLines(d: Diagnosis, s: Style): string[] {
  const count = (outcome: string) => d.checks.filter((check) => check.outcome === outcome).length;
  const unknown = d.checks.filter((check) => check.outcome === 'unknown');
  const reasons = [...new Set(unknown.map((check) => check.reason ?? ''))];
  const passed = count('pass');
  const summary = `${passed} check${passed === 1 ? ' passes' : 's pass'}, ${count('fail')} fail, ${unknown.length} unknown, ${count('skipped')} do not apply`;
  const vantages = d.vantages.filter((v) => v.outcome === 'used').map((v) => v.description);
  return [
    ...indented('Checked', summary, s),
    ...reasons.slice(0, 4).flatMap((reason) => indented('', `unknown: ${oneLine(reason)}`, s)),
    ...(reasons.length > 4 ? indented('', `and ${reasons.length - 4} more reasons (-o json)`, s) : []),
    ...(vantages.length === 0 ? [] : indented('Looked', `by ${vantages.map((v) => oneLine(v, 80)).join('; ')}`, s)),
  ];
}

/** A label in the margin, and the text beside it. */
function indented(label: string, text: string, s: Style): string[] {
  return wrap(printable(text), s.width - MARGIN).map((line, i) => `${(i === 0 ? label : '').padEnd(MARGIN)}${line}`);
}
