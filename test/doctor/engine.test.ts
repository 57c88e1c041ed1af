import { expect, test } from 'vitest';
import { examine } from '../../src/doctor/engine.ts';
import type { Found, Rule } from '../../src/doctor/rule.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { caseOf, type Patch } from './snapshot.ts';

const found = (summary: string): Found => ({ summary, detail: 'd', advice: 'a', evidence: [], fixes: [] });

function rule(id: string, change: Partial<Rule> = {}): Rule {
  return { id, title: 'All is well', stage: 'node', severity: 'error', needs: [], check: () => [], ...change };
}

const checks = (list: Rule[], patch?: Patch) => examine(caseOf(patch), list).checks;

test('pass, fail, skipped and unknown, each in its own right', () => {
  const list = [
    rule('a'),
    rule('b', { check: () => [found('x')] }),
    rule('c', { skip: () => 'no pod', needs: ['links'], check: () => [found('never')] }),
    rule('d', { needs: ['routes', 'links'], check: () => [found('never')] }),
  ];
  const missing: Patch = (d) => {
    d.missing.links = 'netlink: EPERM';
  };
  expect(checks(list, missing)).toEqual([
    { rule: 'a', outcome: 'pass' },
    { rule: 'b', outcome: 'fail' },
    { rule: 'c', outcome: 'skipped', reason: 'no pod' },
    { rule: 'd', outcome: 'unknown', reason: 'netlink: EPERM' },
  ]);
  expect(examine(caseOf(missing), list).findings.map((f) => f.title)).toEqual(['x']);
});

test('a rule that throws, wherever, is unknown, and the others are asked', () => {
  const fail = () => {
    throw new Error('boom');
  };
  const reason = 'the rule failed, which is a defect of kmcast: boom';
  expect(checks([rule('a', { check: fail }), rule('b', { skip: fail }), rule('c')])).toEqual([
    { rule: 'a', outcome: 'unknown', reason },
    { rule: 'b', outcome: 'unknown', reason },
    { rule: 'c', outcome: 'pass' },
  ]);
});

test('findings: errors first, each severity in the order of the way', () => {
  const of = (id: string, stage: Rule['stage'], severity: Rule['severity']) =>
    rule(id, { stage, severity, check: () => [found(id)] });
  const list = [
    of('s', 'socket', 'error'),
    of('i', 'group', 'info'),
    of('w', 'group', 'warning'),
    of('n', 'network', 'error'),
  ];
  expect(examine(caseOf(), list).findings.map((f) => f.rule)).toEqual(['n', 's', 'w', 'i']);
});

test('a finding may have a severity of its own', () => {
  const [first] = examine(caseOf(), [rule('a', { check: () => [{ ...found('x'), severity: 'warning' }] })]).findings;
  expect(first).toMatchObject({ rule: 'a', stage: 'node', severity: 'warning', title: 'x', detail: 'd', advice: 'a' });
});

test('an address that is no group ends the questions', () => {
  const { checks: all, findings } = examine(
    caseOf((d) => {
      d.group = '10.0.0.5';
    }),
    rules,
  );
  expect(findings.map((f) => f.rule)).toEqual(['not-multicast']);
  expect(all.filter((c) => c.outcome !== 'skipped').map((c) => c.rule)).toEqual(['not-multicast']);
});
