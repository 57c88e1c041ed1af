import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderConformance } from '../../src/conformance/render.ts';
import { style } from '../../src/report/style.ts';
import { FLANNEL, LAN } from './made.ts';
import { BRIDGE, reportOf } from './made-report.ts';

const PLAIN = style(100, false);
const text = (...args: Parameters<typeof reportOf>) => renderConformance(reportOf(...args), 'text', PLAIN);

it('begins with the verdict, then claimed beside measured, then the cases', () => {
  const lines = text([FLANNEL], BRIDGE).split('\n');
  expect(lines.slice(0, 7)).toEqual([
    'CONFORMS  Flannel floods multicast within a node, and none crosses its boundary; so it claims',
    '',
    '                          LEVEL      REACH  CROSSES ITS BOUNDARY',
    'claimed (Flannel 0.25.6)  broadcast  node   no',
    'measured (IPv4)           broadcast  node   no',
    'Flannel carries multicast between pods of one node only; no setting changes this.',
    '',
  ]);
  expect(lines).toContain('ok  same-node                   pod node1 → pod node2  arrives  arrives (150 of 150)');
  expect(lines).toContain('ok  cross-node                  pod node1 → pod node2  nothing  nothing (0 of 150)');
  expect(lines).toContain('?   to-outside                  pod node1 → pod node2  nothing  ?');
  expect(lines).toContain('  to-outside: to-outside was not run');
  expect(lines).toContain('  cross-node: unicast to 10.244.0.9: 10 of 10');
  expect(lines.join('\n')).not.toContain('DIFFERENCES');
});

it('names the differences, and marks them', () => {
  const short = text([FLANNEL], { ...BRIDGE, level: 'igmp-snooped', reach: 'cluster' });
  expect(short).toMatch(/^FALLS SHORT {2}Flannel floods .*; not as it claims\s+\(3 cases\)\n/);
  expect(short).toMatch(/\nx {3}cross-node /);
  expect(short).toMatch(
    /\nDIFFERENCES\n {2}cross-node \(pod node1 → pod node2\): datagrams are said to arrive, and none did\n/,
  );
  expect(text([LAN], BRIDGE)).toMatch(/\n! {3}cross-node /);
});

it('shows both families, and what is claimed of neither', () => {
  const both = text([FLANNEL, LAN]);
  expect(both).toMatch(/^MEASURED {2}Flannel IPv4: floods/);
  expect(both).toMatch(/claimed +- +- +-\nmeasured \(IPv4\)[\s\S]*measured \(IPv6\) +broadcast +l2-segment +both\n/);
  expect(both).toContain('nothing is known of it');
});

it('is a test suite for each family, for CI', () => {
  const snooped = { ...BRIDGE, level: 'igmp-snooped', reach: 'cluster' } as const;
  const xml = renderConformance(reportOf([FLANNEL, LAN], snooped), 'junit', PLAIN);
  expect(xml).toContain(
    '<testsuite name="kmcast conformance IPv4" tests="14" failures="3" skipped="2" timestamp="2026-01-02T03:04:05">',
  );
  expect(xml).toContain('<property name="reach" value="node"/>');
  expect(xml).toContain(
    '<testcase classname="kmcast.conformance.ipv4" name="cross-node: pod node1 to pod node2"><failure message="claimed: arrives; measured: nothing (0 of 150); unicast to 10.244.0.9: 10 of 10"/></testcase>',
  );
  expect(xml.match(/<failure /g)).toHaveLength(5);
  expect(xml.match(/<skipped message="to-outside was not run"\/>/g)).toHaveLength(1);
  expect(xml.match(/<testcase /g)).toHaveLength(28);
});

it('is the same in JSON and YAML', () => {
  const report = reportOf([FLANNEL], BRIDGE);
  expect(JSON.parse(renderConformance(report, 'json', PLAIN))).toEqual(report);
  expect(parse(renderConformance(report, 'yaml', PLAIN))).toEqual(report);
});
