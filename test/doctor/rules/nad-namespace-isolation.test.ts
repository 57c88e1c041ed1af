import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-namespace-isolation.ts';
import { NETWORKS_ANNOTATION } from '../../../src/model/nad.ts';
import { ask, type Draft, neverStarted } from '../snapshot.ts';

const MESSAGE =
  'namespace isolation enabled, annotation violates permission, pod is in namespace video but refers to target namespace shared';

function foreign(d: Draft, message: string): void {
  d.cluster.attachments[0]!.namespace = 'shared';
  d.pod.annotations[NETWORKS_ANNOTATION] = 'shared/mcast';
  neverStarted(d, { reason: 'FailedCreatePodSandBox', message });
}

test('copies the attachment into the pod’s namespace and names it there', () => {
  const { finding } = ask(rule, (d) => foreign(d, MESSAGE));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]?.observed).toBe(MESSAGE);
  expect(finding?.fixes).toEqual([
    { kind: 'attachment', namespace: 'video', name: 'mcast', from: { namespace: 'shared', name: 'mcast' }, edits: [] },
    { kind: 'annotate', networks: 'mcast@net1' },
    { kind: 'recreate' },
  ]);
});

test('an attachment of another namespace is no fault where nobody refuses it', () => {
  expect(ask(rule, (d) => foreign(d, 'some other failure')).outcome).toBe('pass');
});
