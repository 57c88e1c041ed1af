import { expect, test } from 'vitest';
import type { Fix } from '../../src/doctor/fix.ts';
import { affected } from '../../src/plan/affects.ts';
import { caseOf, type Patch } from '../doctor/snapshot.ts';

const MCAST = [{ namespace: 'video', name: 'mcast' }];
const lines = (fixes: Fix[], patch?: Patch) => affected(caseOf(patch), MCAST, fixes);

test('other pods of the attachment are named, each once, the target not', () => {
  const [line, ...more] = lines([], (d) => {
    const [own] = d.cluster.podAddresses;
    for (const pod of ['a', 'b', 'c', 'd', 'e', 'e']) d.cluster.podAddresses.push({ ...own!, pod });
    d.cluster.podAddresses.push({ ...own!, pod: 'other', network: 'video/other' });
  });
  expect(more).toEqual([]);
  expect(line).toBe(
    'video/mcast is used by video/a, video/b, video/c, video/d and 1 more too: they change when they are created anew',
  );
  expect(lines([])).toEqual([]);
});

test('who would revert a change', () => {
  const patch: Patch = (d) => {
    d.cluster.attachments[0]!.managedBy = 'Argo CD';
    d.pod.owners = [
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rx', replicas: 3, managedBy: 'Helm (release tv)' },
    ];
  };
  expect(lines([{ kind: 'recreate' }], patch)).toEqual([
    expect.stringContaining('video/mcast is managed by Argo CD'),
    'all pods of Deployment rx are created anew (3)',
    expect.stringContaining('Deployment rx is managed by Helm (release tv)'),
  ]);
  expect(lines([], patch)).toHaveLength(1);
});

test('a pod without owner is away meanwhile', () => {
  expect(lines([{ kind: 'recreate' }])).toEqual(['pod rx is away for some seconds']);
});
