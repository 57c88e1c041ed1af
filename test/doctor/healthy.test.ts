import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { snapshot } from './snapshot.ts';

test('no rule speaks of a healthy receiver', () => {
  const [diagnosis] = diagnose(snapshot(), rules);
  expect(diagnosis?.findings).toEqual([]);
  expect(diagnosis?.verdict).toBe('healthy');
  expect(diagnosis?.plan.steps).toEqual([]);
});
