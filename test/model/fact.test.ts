import { expect, test } from 'vitest';
import { isKnown, known, mapFact, reasonOf, unknown, valueIn } from '../../src/model/fact.ts';

test('a fact is a value or a reason', () => {
  expect([isKnown(known(0)), valueIn(known(0)), reasonOf(known(0))]).toEqual([true, 0, undefined]);
  expect([isKnown(unknown('forbidden')), valueIn(unknown('forbidden')), reasonOf(unknown('forbidden'))]).toEqual([
    false,
    undefined,
    'forbidden',
  ]);
});

test('an observed `undefined` is observed', () => expect(isKnown(known(undefined))).toBe(true));

test('a missing fact keeps its reason through a change', () => {
  expect(mapFact(known(2), (n) => n + 1)).toEqual({ value: 3 });
  expect(mapFact<number, number>(unknown('forbidden'), (n) => n + 1)).toEqual({ unknown: 'forbidden' });
});
