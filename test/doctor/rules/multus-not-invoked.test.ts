import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/multus-not-invoked.ts';
import { known } from '../../../src/model/fact.ts';
import { STATUS_ANNOTATION } from '../../../src/model/nad.ts';
import { ask, type Draft } from '../snapshot.ts';

function unasked(d: Draft): void {
  d.rx.netns.links = d.rx.netns.links.filter((l) => l.name !== 'net1');
  d.pod.status = null;
  delete d.pod.annotations[STATUS_ANNOTATION];
  d.cni.configurations = [
    { name: '00-multus.conf.cilium_bak', type: '', plugins: [] },
    { name: '05-cilium.conflist', type: 'cilium-cni', plugins: ['cilium-cni'] },
  ];
}

test('finds the configuration that was put aside, and puts it back', () => {
  const { finding } = ask(rule, unasked);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.at(-1)?.source).toBe('/etc/cni/net.d');
  expect(finding?.fixes[0]).toMatchObject({
    kind: 'node',
    node: 'node1',
    run: 'mv /etc/cni/net.d/00-multus.conf.cilium_bak /etc/cni/net.d/00-multus.conf',
  });
});

test('a late annotation, a cluster without meta-plugin and a pod without address are other causes', () => {
  expect(
    ask(rule, (d) => {
      unasked(d);
      d.pod.annotatedLater = known(true);
    }).outcome,
  ).toBe('pass');
  expect(
    ask(rule, (d) => {
      unasked(d);
      d.cluster.metaPlugin.present = false;
    }).outcome,
  ).toBe('pass');
  expect(
    ask(rule, (d) => {
      unasked(d);
      d.pod.podIPs = [];
    }).outcome,
  ).toBe('pass');
  expect(ask(rule).outcome).toBe('pass');
});
