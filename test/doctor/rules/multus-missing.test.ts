import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/multus-missing.ts';
import { STATUS_ANNOTATION } from '../../../src/model/nad.ts';
import { ask, type Draft } from '../snapshot.ts';

function without(d: Draft): void {
  d.rx.netns.links = d.rx.netns.links.filter((l) => l.name !== 'net1');
  d.pod.status = null;
  delete d.pod.annotations[STATUS_ANNOTATION];
  d.cluster.metaPlugin = { present: false, evidence: 'no DaemonSet of Multus' };
}

test('the annotation is a note that nobody reads', () => {
  const { finding } = ask(rule, without);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]?.observed).toBe('no DaemonSet of Multus');
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'cluster' }]);
});

test('an interface that is there shows that somebody read it', () => {
  const { outcome } = ask(rule, (d) => {
    const { links } = d.rx.netns;
    without(d);
    d.rx.netns.links = links;
  });
  expect(outcome).toBe('pass');
});

test('is unknown where DaemonSets may not be listed', () => {
  expect(
    ask(rule, (d) => {
      d.missing.metaPlugin = 'forbidden';
    }).outcome,
  ).toBe('unknown');
});
