/** docs/schema/conformance.json, held to what conformance really says. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { CASES } from '../../src/conformance/case.ts';
import { type ConformanceReport, VERDICTS } from '../../src/conformance/conformance-report.ts';
import { renderConformance } from '../../src/conformance/render.ts';
import { style } from '../../src/report/style.ts';
import { all, CILIUM, FLANNEL, LAN, type Picture } from '../conformance/made.ts';
import { BRIDGE, reportOf } from '../conformance/made-report.ts';

const schema = JSON.parse(readFileSync(new URL('../../docs/schema/conformance.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true }).compile(schema);

function errors(report: object): string[] {
  validate(JSON.parse(renderConformance(report as ConformanceReport, 'json', style(80, false))));
  return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
}

const snooped = { ...BRIDGE, level: 'igmp-snooped', reach: 'cluster' } as const;
const reports: Record<(typeof VERDICTS)[number], ConformanceReport> = {
  conforms: reportOf([FLANNEL], BRIDGE),
  exceeds: reportOf([LAN, FLANNEL], BRIDGE),
  measured: reportOf([CILIUM]),
  unknown: reportOf([all(CASES, '?') as Picture, CILIUM], snooped),
  'falls-short': reportOf([FLANNEL], snooped),
};

test.each(VERDICTS)('%s is as documented', (verdict) => {
  expect(reports[verdict].verdict).toBe(verdict);
  expect(errors(reports[verdict])).toEqual([]);
});

test('the names are the program’s own', () => {
  expect(schema.$defs.verdict.enum).toEqual(VERDICTS);
  expect(schema.$defs.case.properties.id.enum).toEqual(CASES);
});

test('what is not documented is refused', () => {
  const { conforms } = reports;
  const [family] = conforms.families;
  const [first] = family!.cases;
  const wrong: object[] = [
    { ...conforms, extra: 1 },
    { ...conforms, verdict: 'fine' },
    { ...conforms, time: 'yesterday' },
    { ...conforms, families: [] },
    { ...conforms, families: [{ ...family, reach: 'world' }] },
    { ...conforms, families: [{ ...family, claim: null }] },
    { ...conforms, families: [{ ...family, noClaim: 'x' }] },
    { ...conforms, families: [{ ...family, cases: [{ ...first, observed: 'unknown' }] }] },
  ];
  for (const [i, report] of wrong.entries()) expect(errors(report), String(i)).not.toEqual([]);
});
