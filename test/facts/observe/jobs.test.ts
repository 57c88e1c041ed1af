import { expect, test } from 'vitest';
import { jobOf, joinPlace, lookOf, nodePlace, targetPlace } from '../../../src/facts/observe/jobs.ts';
import { podEntry } from '../../../src/facts/observe/pod-entry.ts';
import { pod } from './replay.ts';

const wishes = { groups: ['239.1.2.3'], duration: 1000, whole: false };

test('a look ends when enough was seen, unless the whole time or every group is wanted', () => {
  expect(lookOf(wishes)).toHaveProperty('enough');
  expect(lookOf({ ...wishes, whole: true })).not.toHaveProperty('enough');
  expect(lookOf({ ...wishes, groups: [] })).not.toHaveProperty('enough');
});

test('the deadline leaves room beyond the longest look and join', () => {
  const target = targetPlace('a', { kind: 'here' }, wishes);
  expect(jobOf([target]).deadline).toBeGreaterThan(1);
  const join = joinPlace({ kind: 'node' }, ['239.1.2.3'], ['eth1'], 300_000);
  expect(jobOf([target, join]).deadline).toBeGreaterThan(300);
});

test('the node’s place reads CNI’s files too, and no owners of sockets', () => {
  const { reads } = nodePlace({ kind: 'node' }, wishes);
  expect(reads?.commands.map((c) => c.name)).toContain('cni-plugins');
  expect(reads?.files.join()).toContain('/etc/cni/net.d/');
  expect(reads?.owners).toBe(false);
  expect(targetPlace('a', { kind: 'here' }, wishes).reads?.owners).toBe(true);
});

test('a pod is entered by containers that run, else by its sandbox', () => {
  expect(podEntry(pod())).toEqual({ kind: 'pod', containers: ['c0ffee'], uid: 'u1', name: 'rx', namespace: 'video' });
  expect(podEntry(pod({ running: false }))).toMatchObject({ containers: [], uid: 'u1' });
});
