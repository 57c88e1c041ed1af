import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-routes-misplaced.ts';
import { ask, type Draft, nadConfig } from '../snapshot.ts';

function misplaced(d: Draft): void {
  d.cluster.attachments[0]!.config = nadConfig({ routes: [{ dst: '239.10.20.30/32' }] }, { routes: undefined });
}

test('is an error when the join went elsewhere for lack of the route', () => {
  const { finding } = ask(rule, (d) => {
    misplaced(d);
    d.rx.netns.memberships[0]!.interface = 'eth0';
    d.rx.flows = [];
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => [e.source, e.observed])).toEqual([
    ['spec.config routes', '239.10.20.30/32'],
    ['/proc/net/igmp', 'member of 239.10.20.30'],
  ]);
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attachment', 'recreate']);
});

test('is a warning when the application has joined on the right interface all the same', () => {
  expect(ask(rule, misplaced).finding?.severity).toBe('warning');
});

test('is silent on routes inside ipam', () => {
  expect(ask(rule).outcome).toBe('pass');
});
