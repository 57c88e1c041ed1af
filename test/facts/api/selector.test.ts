import { expect, test } from 'vitest';
import { type LabelSelector, selectorText, selects } from '../../../src/facts/api/selector.ts';

const labels = { app: 'rx', tier: 'b' };
const one = (key: string, operator: string, values?: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }],
});

test.each<[string, LabelSelector, boolean]>([
  ['', {}, true],
  ['app=rx', { matchLabels: { app: 'rx' } }, true],
  ['app=tx', { matchLabels: { app: 'tx' } }, false],
  ['tier in (a,b)', one('tier', 'In', ['a', 'b']), true],
  ['zone in (a)', one('zone', 'In', ['a']), false],
  ['tier notin (b)', one('tier', 'NotIn', ['b']), false],
  ['zone notin (b)', one('zone', 'NotIn', ['b']), true],
  ['app', one('app', 'Exists'), true],
  ['zone', one('zone', 'Exists'), false],
  ['!app', one('app', 'DoesNotExist'), false],
  ['!zone', one('zone', 'DoesNotExist'), true],
  ['app=rx,!zone', { matchLabels: { app: 'rx' }, ...one('zone', 'DoesNotExist') }, true],
  ['app=rx,!tier', { matchLabels: { app: 'rx' }, ...one('tier', 'DoesNotExist') }, false],
])('"%s"', (text, selector, meets) => {
  expect(selectorText(selector)).toBe(text);
  expect(selects(selector, labels)).toBe(meets);
});

test('an operator that is not known selects nothing', () => expect(selects(one('app', 'Like'), labels)).toBe(false));
