import { expect, test } from 'vitest';
import { compareVersions } from '../../src/model/pod-network-defects.ts';

test('orders versions by number, a pre-release before its release', () => {
  const ordered = ['1.9.29', '1.12.17', '1.19.0-pre.1', '1.19.0-pre.2', '1.19.0-rc.0', '1.19.0', 'v1.19.1'];
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
  expect(compareVersions('v1.18.2', '1.18.2+build')).toBe(0);
});
