/** Conformance for CI: every case of every family a test case (the JUnit XML that Jenkins and GitLab read). */
import { xml } from '../report/xml.ts';
import type { CaseReport } from './case.ts';
import type { ConformanceReport, FamilyReport } from './conformance-report.ts';

export function conformanceJunit({ time, summary, families }: ConformanceReport): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...families.flatMap((family) => suite(family, time)),
    `<!-- ${xml(summary).replaceAll('--', '- -')} -->`,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(family: FamilyReport, time: string): string[] {
  const { cases } = family;
  const failures = cases.filter(({ outcome }) => outcome === 'less').length;
  const skipped = cases.filter(({ outcome }) => outcome === 'unknown').length;
  const properties = {
    level: family.level ?? 'unknown',
    reach: family.reach ?? 'unknown',
    crossesBoundary: family.crossesBoundary ?? 'unknown',
    claim: family.claim?.sentence ?? family.noClaim ?? '',
  };
  return [
    `<testsuite name="kmcast conformance IPv${family.family}" tests="${cases.length}" failures="${failures}" skipped="${skipped}" timestamp="${xml(time.slice(0, 19))}">`,
    '<properties>',
    ...Object.entries(properties).map(([name, value]) => `<property name="${name}" value="${xml(value)}"/>`),
    '</properties>',
    ...cases.map((one) => testCase(one, family)),
    '</testsuite>',
  ];
}

function testCase(one: CaseReport, { family }: FamilyReport): string {
  const { id, from, to, outcome, observed, sent, received, reason = '' } = one;
  const evidence = `measured: ${observed} (${received} of ${sent}); ${one.evidence ?? ''}`;
  const claim = one.claimed === null ? '' : `claimed: ${one.claimed}; `;
  const inner =
    outcome === 'less'
      ? `<failure message="${xml(`${claim}${evidence}`)}"/>`
      : outcome === 'unknown'
        ? `<skipped message="${xml(reason)}"/>`
        : `<system-out>${xml(`${claim}${evidence}`)}</system-out>`;
  return `<testcase classname="kmcast.conformance.ipv${family}" name="${xml(`${id}: ${from} to ${to}`)}">${inner}</testcase>`;
}
