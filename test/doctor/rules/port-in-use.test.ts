import { expect, test } from 'vitest';
import noMembership from '../../../src/doctor/rules/no-membership.ts';
import rule from '../../../src/doctor/rules/port-in-use.ts';
import { onHostNetwork } from '../roles.ts';
import { ask, type Draft } from '../snapshot.ts';

function crashing(d: Draft): void {
  onHostNetwork(d);
  d.rx.netns.memberships = [];
  d.rx.netns.sockets[0]!.owner = { pid: 900, command: 'avahi-daemon' };
  d.pod.containers = [{ ...d.pod.containers[0]!, state: 'waiting', reason: 'CrashLoopBackOff', restarts: 5 }];
}

test('fires when somebody else holds the port of a crashing pod, and no-membership leaves it the word', () => {
  const { finding } = ask(rule, crashing);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.observed)).toEqual([
    'bound to 0.0.0.0:6000 (avahi-daemon, pid 900)',
    'CrashLoopBackOff, restarted 5 times',
  ]);
  expect(ask(noMembership, crashing).outcome).toBe('skipped');
});

test('is silent when a container runs, when the port is free, and in a namespace of the pod’s own', () => {
  const runs = ask(rule, (d) => {
    crashing(d);
    d.pod.containers = [{ ...d.pod.containers[0]!, state: 'running' }];
  });
  expect(runs.outcome).toBe('pass');
  const free = ask(rule, (d) => {
    crashing(d);
    d.rx.netns.sockets = [];
  });
  expect(free.outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('skipped');
});
