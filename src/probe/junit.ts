/** A probe for CI: every path a test case (the JUnit XML that Jenkins and GitLab read). */
import { xml } from '../report/xml.ts';
import type { PathReport, ProbeReport } from './probe-report.ts';

export function probeJunit({ group, time, paths, findings }: ProbeReport): string {
  const cases = paths.filter(({ outcome }) => outcome !== 'self');
  const failures = cases.filter(isFailed).length;
  const skipped = cases.filter(({ outcome }) => outcome === 'unknown').length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites><testsuite name="kmcast probe ${xml(group)}" tests="${cases.length}" failures="${failures}" skipped="${skipped}" timestamp="${xml(time.slice(0, 19))}">`,
    ...cases.map(testCase),
    ...findings.map(
      ({ finding, target, detail }) => `<system-out>${xml(`${finding} (${target}): ${detail}`)}</system-out>`,
    ),
    '</testsuite></testsuites>',
    '',
  ].join('\n');
}

function isFailed({ outcome }: PathReport): boolean {
  return outcome === 'lost' || outcome === 'lossy';
}

function testCase(path: PathReport): string {
  const name = `${path.from} to ${path.to}`;
  const text = `${path.received} of ${path.sent} datagrams came${path.reason === undefined ? '' : `; ${path.reason}`}`;
  const inner = isFailed(path)
    ? `<failure message="${xml(text)}"/>`
    : path.outcome === 'unknown'
      ? `<skipped message="${xml(path.reason ?? '')}"/>`
      : '';
  return `<testcase classname="kmcast.probe" name="${xml(name)}">${inner}</testcase>`;
}
