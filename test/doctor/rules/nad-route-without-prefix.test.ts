import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-route-without-prefix.ts';
import { ask, nadConfig, neverStarted } from '../snapshot.ts';

test('fires on a bare address, names the prefix that is meant, and has the attachment mended', () => {
  const { finding } = ask(rule, (d) => {
    d.cluster.attachments[0]!.config = nadConfig({}, { routes: [{ dst: '239.10.20.30' }] });
    neverStarted(d, { reason: 'FailedCreatePodSandBox', message: 'plugin failed: invalid CIDR address: 239.10.20.30' });
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.advice).toContain('239.10.20.30/32');
  expect(finding?.evidence.map((e) => e.source)).toEqual(['spec.config ipam.routes', 'event FailedCreatePodSandBox']);
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attachment', 'recreate']);
});

test('is silent on prefixes', () => {
  expect(ask(rule).outcome).toBe('pass');
});
