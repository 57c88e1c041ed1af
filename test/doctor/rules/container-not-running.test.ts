import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/container-not-running.ts';
import { ask, type Draft, neverStarted } from '../snapshot.ts';

function waiting(d: Draft, reason: string): void {
  Object.assign(d.pod.containers[0]!, { state: 'waiting', reason, restarts: 4 });
  d.rx.netns.memberships = [];
  d.pod.events = [
    { reason: 'BackOff', message: 'Back-off restarting failed container', time: '2026-01-01T00:01:00Z', count: 5 },
  ];
}

test.each([
  ['CrashLoopBackOff', 'why the program ends'],
  ['ImagePullBackOff', 'image’s name'],
  ['CreateContainerConfigError', 'a ConfigMap'],
])('%s', (reason, advice) => {
  const { finding } = ask(rule, (d) => waiting(d, reason));
  expect(finding?.severity).toBe('error');
  expect(finding?.advice).toContain(advice);
  expect(finding?.evidence.map((e) => e.source)).toEqual(['status.containerStatuses', 'event BackOff']);
  expect(finding?.fixes[0]).toMatchObject({ kind: 'advice', on: 'application' });
});

test('a sidecar that does not run is a warning while somebody is a member', () => {
  const { finding } = ask(rule, (d) => {
    d.pod.containers.push({ name: 'metrics', image: 'm', state: 'terminated', reason: 'Completed', restarts: 0 });
  });
  expect(finding?.severity).toBe('warning');
});

test('is silent on a pod that runs, and on one whose networks are not made yet', () => {
  expect(ask(rule).outcome).toBe('pass');
  expect(ask(rule, (d) => neverStarted(d, { reason: 'FailedCreatePodSandBox', message: 'x' })).outcome).toBe('pass');
});
