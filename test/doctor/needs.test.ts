import { expect, test } from 'vitest';
import { factOf, missing, type Need } from '../../src/doctor/needs.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { reasonOf } from '../../src/model/fact.ts';
import { caseOf } from './snapshot.ts';

const needs = [...new Set(rules.flatMap((rule) => rule.needs.flat()))];

/** What the builder of snapshots calls the fact. */
const named = (need: Need) => (need === 'node.joinLook' || need === 'podStatus' ? undefined : need);

test.each(needs.filter((need) => named(need) !== undefined))(
  '%s is a real fact: known when it was read, with its reason when not',
  (need) => {
    expect(reasonOf(factOf(caseOf(), need))).toBeUndefined();
    const without = caseOf((d) => {
      d.missing[need] = `no ${need}`;
    });
    expect(reasonOf(factOf(without, need))).toBe(`no ${need}`);
  },
);

test('a look with a join that was not made is missing', () => {
  expect(missing(caseOf(), ['node.joinLook'])).toBe('no join was made');
  const made = caseOf((d) => {
    d.node.joinFlows = [];
  });
  expect(missing(made, ['node.joinLook'])).toBeUndefined();
});

test('facts of a namespace that could not be entered have its reason; so have those of a pod that could not be read', () => {
  const closed = caseOf((d) => {
    d.missing.observation = 'exec is forbidden';
    d.missing.node = 'no node pod';
    d.missing.pod = 'get pods is forbidden';
  });
  expect((['links', 'look', 'movement'] as const).map((n) => missing(closed, [n]))).toEqual(
    Array(3).fill('exec is forbidden'),
  );
  expect((['node.links', 'node.look'] as const).map((n) => missing(closed, [n]))).toEqual(Array(2).fill('no node pod'));
  expect(missing(closed, ['events'])).toBe('get pods is forbidden');
});

test('a target without a node', () => {
  const nowhere = caseOf((d) => {
    delete d.pod.node;
  });
  expect(missing(nowhere, ['cni'])).toBe('the target has no node');
  expect(missing(nowhere, ['node.links'])).toBe('the target is on no node yet');
});

test('the first missing one gives the reason', () => {
  const c = caseOf((d) => {
    d.missing.routes = 'first';
    d.missing.links = 'second';
  });
  expect(missing(c, ['sockets', 'routes', 'links'])).toBe('first');
});

test('of several facts one is enough; the best gives the reason when none is there', () => {
  const c = caseOf((d) => {
    d.missing.routes = 'first';
    d.missing.links = 'second';
  });
  expect(missing(c, [['routes', 'attachments']])).toBeUndefined();
  expect(missing(c, [['routes', 'links']])).toBe('first');
});
