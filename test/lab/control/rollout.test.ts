import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitsOf, newReplicas, oldReplicas, type Rollout } from '../../../src/lab/control/rollout.ts';

test('limits are numbers or shares, and never both nothing', () => {
  expect(limitsOf(10, { maxSurge: '25%', maxUnavailable: '25%' })).toEqual({ maxSurge: 3, maxUnavailable: 2 });
  expect(limitsOf(2, undefined)).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  expect(limitsOf(2, { maxSurge: 0, maxUnavailable: 0 })).toEqual({ maxSurge: 0, maxUnavailable: 1 });
  expect(limitsOf(2, { maxSurge: 2, maxUnavailable: 1 })).toEqual({ maxSurge: 2, maxUnavailable: 1 });
});

const set = fc
  .record({ wanted: fc.nat(9), broken: fc.nat(9) })
  .map(({ wanted, broken }) => ({ wanted, available: Math.max(0, wanted - broken) }));
const rollout: fc.Arbitrary<Rollout> = fc
  .record({
    replicas: fc.integer({ min: 1, max: 9 }),
    maxSurge: fc.nat(4),
    maxUnavailable: fc.nat(4),
    current: set,
    old: fc.array(set, { maxLength: 3 }),
  })
  .map((one) => ({
    ...one,
    maxUnavailable: one.maxSurge === 0 ? Math.max(1, one.maxUnavailable) : one.maxUnavailable,
  }));

test('no step exceeds the surge, and none takes an available pod that is needed', () => {
  fc.assert(
    fc.property(rollout, (now) => {
      const total = now.current.wanted + now.old.reduce((sum, one) => sum + one.wanted, 0);
      const grown = newReplicas(now);
      if (grown > now.current.wanted) {
        expect(total + grown - now.current.wanted).toBeLessThanOrEqual(now.replicas + now.maxSurge);
        expect(grown).toBeLessThanOrEqual(now.replicas);
      }
      const kept = oldReplicas(now);
      for (const [i, one] of now.old.entries()) {
        expect(kept[i]).toBeGreaterThanOrEqual(0);
        expect(kept[i]).toBeLessThanOrEqual(one.wanted);
      }
      const available = (counts: readonly number[]) =>
        now.current.available + now.old.reduce((sum, one, i) => sum + Math.min(one.available, counts[i] ?? 0), 0);
      const before = available(now.old.map((one) => one.wanted));
      expect(available(kept)).toBeGreaterThanOrEqual(Math.min(before, now.replicas - now.maxUnavailable));
    }),
  );
});

test('step by step it comes to its end', () => {
  fc.assert(
    fc.property(rollout, (start) => {
      let now = start;
      for (let i = 0; i < 60; i++) {
        const wanted = newReplicas(now);
        const current = { wanted, available: wanted };
        const kept = oldReplicas({ ...now, current: { ...now.current, wanted } });
        const old = now.old.map((one, j) => ({ wanted: kept[j]!, available: Math.min(one.available, kept[j]!) }));
        now = { ...now, current, old };
      }
      expect(now.current.wanted).toBe(now.replicas);
      expect(now.old.every((one) => one.wanted === 0)).toBe(true);
    }),
  );
});
