/** Conformance as text: the verdict first, the claim beside what was measured, every case, then the evidence. */
import { oneLine } from '../report/printable.ts';
import { type Style, wrap } from '../report/style.ts';
import { tableLines } from '../report/table.ts';
import type { CaseReport, Outcome } from './case.ts';
import type { ConformanceReport, FamilyReport, Verdict } from './conformance-report.ts';

export function conformanceText(report: ConformanceReport, s: Style): string {
  const { verdict, summary, network, families } = report;
  const word = verdict.toUpperCase().replace('-', ' ');
  const name = network === null ? '' : `${network.label}${network.version === undefined ? '' : ` ${network.version}`}`;
  return [
    ...wrap(oneLine(summary, 1000), s.width - word.length - 2).map((line, index) =>
      index === 0 ? `${COLOURS[verdict](s)(word)}  ${line}` : `${' '.repeat(word.length + 2)}${line}`,
    ),
    ...families.flatMap((family) => familyLines(family, name, s)),
  ].join('\n');
}

const COLOURS: Readonly<Record<Verdict, (s: Style) => (text: string) => string>> = {
  conforms: (s) => s.good,
  measured: (s) => s.good,
  exceeds: (s) => s.doubt,
  unknown: (s) => s.doubt,
  'falls-short': (s) => s.bad,
};

function familyLines(family: FamilyReport, network: string, s: Style): string[] {
  const { claim, noClaim, differences, unknown, cases } = family;
  return [
    '',
    ...faintHead(tableLines(['', 'LEVEL', 'REACH', 'CROSSES ITS BOUNDARY'], scoreRows(family, network)), s),
    ...wrap(oneLine(claim?.sentence ?? noClaim ?? '', 500), s.width),
    '',
    ...faintHead(tableLines(['', 'CASE', 'FROM → TO', 'CLAIMED', 'MEASURED'], cases.map(caseRow)), s),
    ...section('DIFFERENCES', differences, s),
    ...section('NOT MEASURED', unmeasured(cases, unknown), s),
    ...section('EVIDENCE', evidenceOf(cases), s),
  ];
}

function scoreRows({ family, level, reach, crossesBoundary, claim }: FamilyReport, network: string): string[][] {
  return [
    [
      network === '' ? 'claimed' : `claimed (${network})`,
      claim?.level ?? '-',
      claim?.reach ?? '-',
      claim === null ? '-' : claim.crossesBoundary ? 'yes' : 'no',
    ],
    [`measured (IPv${family})`, level ?? '?', reach ?? '?', crossesBoundary ?? '?'],
  ];
}

const MARKS: Readonly<Record<Outcome, string>> = {
  'as-claimed': 'ok',
  unclaimed: '-',
  more: '!',
  less: 'x',
  unknown: '?',
};

function caseRow({ id, from, to, claimed, observed, outcome, sent, received }: CaseReport): string[] {
  const counts = sent === 0 ? '' : ` (${received} of ${sent})`;
  return [
    MARKS[outcome],
    id,
    from === '' ? to : `${from} → ${to}`,
    claimed ?? '-',
    observed === 'unknown' ? '?' : `${observed}${counts}`,
  ];
}

/** The end is named where a case was run with several. */
function evidenceOf(cases: readonly CaseReport[]): string[] {
  return cases.flatMap(({ id, to, evidence = '' }) => {
    const name = cases.filter((other) => other.id === id).length > 1 ? `${id} (${to})` : id;
    return evidence === '' ? [] : [`${name}: ${evidence}`];
  });
}

/** Reasons of what would have told level, reach or boundary, and of cases, each once with its cases. */
function unmeasured(cases: readonly CaseReport[], unknown: readonly string[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, observed, reason = 'not measured' } of cases) {
    if (observed === 'unknown') byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...unknown, ...[...byReason].map(([reason, ids]) => `${[...new Set(ids)].join(', ')}: ${reason}`)];
}

function section(title: string, lines: readonly string[], s: Style): string[] {
  if (lines.length === 0) return [];
  const body = lines.flatMap((line) =>
    wrap(oneLine(line, 600), s.width - 4).map((part, index) => `${index === 0 ? '  ' : '    '}${part}`),
  );
  return ['', s.faint(title), ...body];
}

function faintHead(lines: readonly string[], s: Style): string[] {
  return lines.map((line, index) => (index === 0 ? s.faint(line) : line));
}
