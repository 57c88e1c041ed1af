import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/pod-not-started.ts';
import { ask, nadConfig, neverStarted } from '../snapshot.ts';

const FULL = '0/2 nodes are available: 2 Insufficient memory.';

test('says what the newest event says', () => {
  const { finding } = ask(rule, (d) => {
    neverStarted(d, { reason: 'FailedScheduling', message: FULL });
    delete d.pod.node;
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('pod/rx has no node to run on');
  expect(finding?.evidence.at(-1)).toEqual({
    at: 'pod/rx',
    source: 'event FailedScheduling',
    observed: `${FULL} (3 times)`,
  });
});

test('a pod that was created just now has time to start', () => {
  const { finding } = ask(rule, (d) => {
    neverStarted(d, { reason: 'Pulling', message: 'Pulling image' });
    d.pod.created = '2026-01-01T00:01:50Z';
  });
  expect(finding?.severity).toBe('warning');
});

test('leaves the word to the rule that names the reason', () => {
  const { outcome } = ask(rule, (d) => {
    d.cluster.attachments[0]!.config = nadConfig({}, { routes: [{ dst: '239.10.20.30' }] });
    neverStarted(d, { reason: 'FailedCreatePodSandBox', message: 'invalid CIDR address: 239.10.20.30' });
  });
  expect(outcome).toBe('pass');
});

test('is silent on a pod that runs', () => {
  expect(ask(rule).outcome).toBe('pass');
});
