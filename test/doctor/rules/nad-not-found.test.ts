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

test.each([
  ['mcats', 'mcast'],
  ['video/mcats@feed0', 'mcast@feed0'],
  ['cameras/mcast', 'mcast'],
  ['[{"name": "mcast", "namespace": "cameras"}]', '[{"name":"mcast","namespace":"video"}]'],
  ['[{"name": "mcats", "interface": "feed0"}]', '[{"name":"mcast","interface":"feed0"}]'],
])('a slip in the name is corrected: %s', (written, corrected) => {
  const { finding } = ask(rule, (d) => {
    d.pod.annotations[NETWORKS_ANNOTATION] = written;
    refusal(d);
  });
  expect(finding?.advice).toBe('Correct the name in the annotation: mcast.');
  expect(finding?.fixes).toEqual([{ kind: 'annotate', networks: corrected }, { kind: 'recreate' }]);
});

test('what is asked for twice, once with a slip, is asked for once', () => {
  const { finding } = ask(rule, (d) => {
    d.pod.annotations[NETWORKS_ANNOTATION] = 'mcast, mcats';
    refusal(d);
  });
  expect(finding?.fixes[0]).toEqual({ kind: 'annotate', networks: 'mcast' });
});

test('a new one is made under the name that is asked for, on the NIC where the group is seen', () => {
  const { finding } = ask(rule, (d) => {
    d.pod.annotations[NETWORKS_ANNOTATION] = 'office';
    refusal(d);
  });
  expect(finding?.fixes[0]).toEqual({
    kind: 'attach-new',
    parent: 'eth1',
    as: { namespace: 'video', name: 'office' },
  });
});

test('a name that is none of a slip, or may be two, is not corrected', () => {
  const kinds = (name: string, nads: readonly string[]) =>
    ask(rule, (d) => {
      const [first] = d.cluster.attachments;
      d.cluster.attachments = nads.map((nad) => ({ ...first!, name: nad }));
      d.pod.annotations[NETWORKS_ANNOTATION] = name;
      refusal(d);
    }).finding?.fixes.map((f) => f.kind);
  expect(kinds('office', ['mcast'])).toEqual(['attach-new', 'recreate']);
  expect(kinds('mcast-c', ['mcast-a', 'mcast-b'])).toEqual(['attach-new', 'recreate']);
});

test('is silent where the attachment exists, unknown where attachments could not be listed', () => {
  expect(ask(rule).outcome).toBe('pass');
  const { outcome, reason } = ask(rule, (d) => {
    d.missing.attachments = 'listing is forbidden';
  });
  expect([outcome, reason]).toEqual(['unknown', 'listing is forbidden']);
});
