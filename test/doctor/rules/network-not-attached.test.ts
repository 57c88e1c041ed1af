import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/network-not-attached.ts';
import { known } from '../../../src/model/fact.ts';
import { STATUS_ANNOTATION } from '../../../src/model/nad.ts';
import { ask, type Draft } from '../snapshot.ts';

/** A pod that runs with eth0 alone. */
function bare(d: Draft): void {
  d.rx.netns.links = d.rx.netns.links.filter((l) => l.name !== 'net1');
  d.pod.status = d.pod.status!.filter((s) => s.default);
}

test('the annotation came after the pod', () => {
  const { finding } = ask(rule, (d) => {
    bare(d);
    d.pod.annotatedLater = known(true);
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.source)).toContain('metadata.managedFields');
  expect(finding?.evidence.map((e) => e.observed)).toContain('lo, eth0: no net1');
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attachment', 'recreate']);
});

test('a meta-plugin that was never asked is another rule’s', () => {
  const { outcome } = ask(rule, (d) => {
    bare(d);
    d.pod.status = null;
    delete d.pod.annotations[STATUS_ANNOTATION];
  });
  expect(outcome).toBe('pass');
});

test('is silent on an attached network', () => {
  expect(ask(rule).outcome).toBe('pass');
});
