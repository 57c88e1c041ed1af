import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/annotation-invalid.ts';
import nadNotFound from '../../../src/doctor/rules/nad-not-found.ts';
import noSecondaryNetwork from '../../../src/doctor/rules/no-secondary-network.ts';
import { NETWORKS_ANNOTATION } from '../../../src/model/nad.ts';
import { ask, type Draft, neverStarted } from '../snapshot.ts';

const written = (text: string) => (d: Draft) => {
  neverStarted(d, {
    reason: 'FailedCreatePodSandBox',
    message: 'failed to parse pod Network Attachment Selection Annotation JSON format: unexpected end of JSON input',
  });
  d.pod.annotations[NETWORKS_ANNOTATION] = text;
};

test('writes the annotation anew and creates the pod with it', () => {
  const { finding } = ask(rule, written('[{"name": "mcast"'));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.source)).toEqual([
    `annotation ${NETWORKS_ANNOTATION}`,
    'event FailedCreatePodSandBox',
  ]);
  expect(finding?.fixes).toEqual([{ kind: 'annotate', networks: '[{"name":"mcast"}]' }, { kind: 'recreate' }]);
});

test('leaves to people what it cannot tell', () => {
  const { finding } = ask(rule, written('Camera;LAN'));
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['advice']);
});

test('others do not speak of networks that nobody could read', () => {
  expect(ask(nadNotFound, written('{"name": "mcast"}')).outcome).toBe('skipped');
  expect(ask(noSecondaryNetwork, written('[{"name": "mcast"')).outcome).toBe('skipped');
});

test('is silent where networks were attached, and where the annotation can be read', () => {
  expect(ask(rule).outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      d.pod.annotations[NETWORKS_ANNOTATION] = 'MCAST';
    }).outcome,
  ).toBe('pass');
});
