import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-not-found.ts';
import { NETWORKS_ANNOTATION } from '../../../src/model/nad.ts';
import { ask, type Draft, neverStarted } from '../snapshot.ts';

const refusal = (d: Draft) =>
  neverStarted(d, {
    reason: 'FailedCreatePodSandBox',
    message: 'cannot find a network-attachment-definition (mcast) in namespace (video)',
  });

test('an attachment of that name in another namespace is copied', () => {
  const { finding } = ask(rule, (d) => {
    d.cluster.attachments[0]!.namespace = 'default';
    refusal(d);
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.source)).toEqual([
    `annotation ${NETWORKS_ANNOTATION}`,
    'API',
    'event FailedCreatePodSandBox',
  ]);
  expect(finding?.fixes[0]).toMatchObject({
    kind: 'attachment',
    namespace: 'video',
    name: 'mcast',
    from: { namespace: 'default', name: 'mcast' },
  });
});

test('without one anywhere a new attachment is needed', () => {
  const { finding } = ask(rule, (d) => {
    d.cluster.attachments = [];
    refusal(d);
  });
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attach-new', 'recreate']);
});

test('is silent where the attachment exists, unknown where attachments could not be listed', () => {
  expect(ask(rule).outcome).toBe('pass');
  const { outcome, reason } = ask(rule, (d) => {
    d.missing.attachments = 'listing is forbidden';
  });
  expect([outcome, reason]).toEqual(['unknown', 'listing is forbidden']);
});
