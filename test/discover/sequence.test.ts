import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SequenceCounter } from '../../src/discover/sequence.ts';

function accountOf(numbers: readonly number[], bits: 16 | 32 = 16) {
  const counter = new SequenceCounter(bits);
  for (const number of numbers) counter.count(number);
  const { received, lost, gaps, reordered, duplicates, restarts } = counter;
  return { received, lost, gaps, reordered, duplicates, restarts };
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

const CLEAN = { lost: 0, gaps: 0, reordered: 0, duplicates: 0, restarts: 0 };

describe('SequenceCounter', () => {
  test('counts nothing wrong in numbers that follow each other, through the wrap', () => {
    const numbers = (first: number, modulus: number) => Array.from({ length: 5000 }, (_, i) => (first + i) % modulus);
    expect(accountOf(numbers(65_000, 65_536))).toEqual({ received: 5000, ...CLEAN });
    expect(accountOf(numbers(2 ** 32 - 100, 2 ** 32), 32)).toEqual({ received: 5000, ...CLEAN });
  });

  test.each([
    ['a gap', [1, 2, 5], { received: 3, lost: 2, gaps: 1 }],
    ['a gap at the wrap', [65_534, 1], { received: 2, lost: 2, gaps: 1 }],
    ['a late number', [1, 3, 2, 4], { received: 4, gaps: 1, reordered: 1 }],
    ['one from before the first', [10, 8, 11], { received: 3, lost: 1, reordered: 1 }],
    ['a duplicate', [1, 2, 2, 1, 3], { received: 3, duplicates: 2 }],
    ['a duplicate of a late one', [1, 3, 2, 2], { received: 3, gaps: 1, reordered: 1, duplicates: 1 }],
    [
      'a late number where an older one stood',
      [...range(0, 2499), ...range(2501, 2510), 2500],
      { received: 2511, gaps: 1, reordered: 1 },
    ],
    ['a stray far off', [1, 2, 40_000, 3], { received: 3 }],
    ['a restart', [100, 102, 40_000, 40_001, 40_003], { received: 5, lost: 2, gaps: 2, restarts: 1 }],
    ['a restart at 0', [30_000, 0, 1], { received: 3, restarts: 1 }],
    ['a restart at the top', [30_000, 65_535, 0, 1], { received: 4, restarts: 1 }],
  ])('tells %s', (_, numbers, told) => {
    expect(accountOf(numbers)).toEqual({ ...CLEAN, ...told });
  });

  test('agrees with a plain account of what was lost, late and twice', () => {
    const moves = fc.array(fc.record({ drop: fc.nat(9), late: fc.nat(9), twice: fc.nat(9) }), {
      minLength: 2,
      maxLength: 400,
      size: 'max',
    });
    fc.assert(
      fc.property(moves, fc.integer({ min: 0, max: 65_535 }), (list, first) => {
        const sent: number[] = [];
        let held: number | undefined;
        list.forEach(({ drop, late, twice }, i) => {
          if (drop === 0 && i > 0) return;
          if (late === 0 && held === undefined && i > 0) {
            held = i;
            return;
          }
          sent.push(i);
          if (twice === 0) sent.push(i);
          if (held !== undefined && late < 3) {
            sent.push(held);
            held = undefined;
          }
        });
        const unique = new Set(sent);
        const told = accountOf(sent.map((i) => (first + i) % 65_536));
        expect(told.received).toBe(unique.size);
        expect(told.duplicates).toBe(sent.length - unique.size);
        expect(told.lost).toBe(Math.max(...sent) + 1 - unique.size);
        expect(told.restarts).toBe(0);
      }),
    );
  });
});
