import { expect, test } from 'vitest';
import { rules } from '../../src/doctor/rules/index.ts';
import { clock, drillable, hintFor, pickFault } from '../../src/lab/drill.ts';
import { faults } from '../../src/lab/faults/index.ts';

const ORDINARY = { nodes: 2, podNetwork: 'overlay', scene: true } as const;

test('only what a plan or an operator heals is drilled, in a lab that can have it', () => {
  const names = drillable(ORDINARY);
  expect(names).toContain('wrong-port');
  expect(names).toContain('reverse-path');
  expect(names).not.toContain('nobody-sends');
  const lost = (shape: Partial<typeof ORDINARY> | { podNetwork: 'flat' } | { nodes: 1 }) =>
    names.filter((name) => !drillable({ ...ORDINARY, ...shape }).includes(name));
  expect(lost({ podNetwork: 'flat' })).toEqual(['overlay-across-nodes']);
  expect(lost({ nodes: 1 })).toEqual(['macvlan-own-node', 'overlay-across-nodes']);
});

test('a seed gives the same fault again, and seeds together give them all', () => {
  const names = drillable(ORDINARY);
  const picked = Array.from({ length: 1000 }, (_, seed) => pickFault(names, seed));
  expect(picked).toEqual(Array.from({ length: 1000 }, (_, seed) => pickFault(names, seed)));
  expect(new Set(picked)).toEqual(new Set(names));
  expect(new Set(picked.slice(0, 5)).size).toBeGreaterThan(3);
  expect(pickFault([], 1)).toBeUndefined();
});

test.each(Object.entries(faults))('the hint for %s gives neither it nor a rule away', (name, fault) => {
  const hint = hintFor(fault);
  expect(hint).toMatch(/\?/);
  for (const word of [name, ...fault.rules, fault.title]) expect(hint).not.toContain(word);
  const known: readonly string[] = rules.map(({ id }) => id);
  for (const rule of fault.rules) expect(known).toContain(rule);
});

test.each([
  [0, '0:00'],
  [59_400, '0:59'],
  [59_600, '1:00'],
  [102_000, '1:42'],
  [3_600_000, '60:00'],
])('%i ms are %s', (milliseconds, text) => expect(clock(milliseconds)).toBe(text));
