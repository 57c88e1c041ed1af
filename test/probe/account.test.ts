/** The accounting of both runtimes against one that remembers everything. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../helpers/random.ts';

interface Told {
  readonly received: number;
  readonly [name: string]: number;
}
interface AccountLike {
  number(value: number): void;
  delay(value: number): void;
  told(): Told;
}

const WINDOW = 1 << 14;
const { Account } = createRequire(import.meta.url)('../../src/agent/node/account.cjs') as {
  Account: new () => AccountLike;
};

/** Counts numbers that are not cut to 32 bits. */
function remember(numbers: readonly number[]): Told {
  const [first = 0] = numbers;
  const seen = new Set<number>();
  const told = { received: 0, unique: 0, below: 0, duplicates: 0, reordered: 0, stale: 0 };
  let highest = first;
  for (const number of numbers) {
    told.received++;
    if (number <= highest - WINDOW) told.stale++;
    else if (seen.has(number)) told.duplicates++;
    else {
      seen.add(number);
      told.unique++;
      if (number < highest) told.reordered++;
      if (number < first) told.below++;
    }
    highest = Math.max(highest, number);
  }
  const missing = highest - first + 1 - (told.unique - told.below);
  return { ...told, missing, first: first % 2 ** 32, highest: highest % 2 ** 32 };
}

function node(numbers: readonly number[]): Told {
  const account = new Account();
  for (const number of numbers) account.number(number % 2 ** 32);
  return account.told();
}

function python(streams: readonly (readonly number[])[]): Told[] {
  const program = `import json,sys
from account import Account
told=[]
for numbers in json.load(sys.stdin):
    account=Account()
    for number in numbers: account.number(number % 2**32)
    told.append(account.told())
json.dump(told,sys.stdout)`;
  const cwd = new URL('../../src/agent/python', import.meta.url).pathname;
  const input = JSON.stringify(streams);
  return JSON.parse(execFileSync('python3', ['-B', '-c', program], { cwd, input, maxBuffer: 1 << 26 }).toString());
}

/** What a network makes of a stream: loss, doubles, a few places out of order, and leaps. */
function disturbed(seed: number): number[] {
  const random = randomNumbers(seed);
  const chance = (one: number) => random() % one === 0;
  let number = seed % 3 === 0 ? 2 ** 32 - 1 - (random() % 300) : random() % 1000;
  const numbers: number[] = [];
  for (let i = 0; i < 400; i++) {
    number += chance(50) ? random() % 40 : chance(200) ? random() % (2 * WINDOW) : 1;
    const at = chance(10) ? Math.max(0, numbers.length - 1 - (random() % 8)) : numbers.length;
    numbers.splice(at, 0, number);
    if (chance(20)) numbers.push(numbers[random() % numbers.length] ?? number);
  }
  return numbers;
}

describe('the account of a sender', () => {
  const streams = Array.from({ length: 120 }, (_, seed) => disturbed(seed + 1));

  it('is exact in node, also where numbers wrap', () => {
    for (const numbers of streams) expect(node(numbers)).toMatchObject(remember(numbers));
  });

  it('is exact in python3', () => {
    const told = python(streams);
    for (const [i, numbers] of streams.entries()) expect(told[i]).toMatchObject(remember(numbers));
  });

  it('counts k dropped, doubled and swapped as such', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 97 }), { maxLength: 30 }),
        fc.nat(29),
        fc.nat(29),
        (ks, a, b) => {
          const [dropped, doubled] = [new Set(ks.slice(0, a)), new Set(ks.slice(a, b))];
          const numbers = Array.from({ length: 100 }, (_, i) => i)
            .filter((i) => !dropped.has(i))
            .flatMap((i) => (doubled.has(i) ? [i, i] : [i]));
          const lost = { missing: dropped.size, duplicates: doubled.size, reordered: 0, unique: 100 - dropped.size };
          expect(node(numbers)).toMatchObject(lost);
        },
      ),
    );
  });

  it('forgets what is older than its window, even after a leap as long as it', () => {
    for (const leap of [WINDOW - 1, WINDOW, WINDOW + 1, 5 * WINDOW]) {
      const numbers = [0, 1, leap, 2, leap - 1, 1];
      expect(node(numbers)).toMatchObject(remember(numbers));
      expect(python([numbers])[0]).toMatchObject(remember(numbers));
    }
  });

  it('tells delays by their quantiles', () => {
    const account = new Account();
    for (let i = 1; i <= 100; i++) {
      account.number(i);
      account.delay(101 - i);
    }
    expect(account.told().delay).toEqual({ least: 1, most: 100, mean: 51, median: 51, p99: 100 });
  });
});
