import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/no-secondary-network.ts';
import { NETWORKS_ANNOTATION, STATUS_ANNOTATION } from '../../../src/model/nad.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

/** A pod that never asked for a network, with the stream on its node's eth1. */
function lone(d: Draft): void {
  d.rx.netns.links = d.rx.netns.links.filter((l) => l.name !== 'net1');
  d.rx.netns.memberships[0]!.interface = 'eth0';
  d.rx.flows = [];
  d.pod.status = null;
  delete d.pod.annotations[NETWORKS_ANNOTATION];
  delete d.pod.annotations[STATUS_ANNOTATION];
}

test('attaches the pod to the NIC on which the stream comes in', () => {
  const { finding } = ask(rule, lone);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]).toMatchObject({ at: 'node/node1 eth1', source: 'capture' });
  expect(finding?.fixes).toEqual([{ kind: 'attach-new', parent: 'eth1' }, { kind: 'recreate' }]);
});

test('a stream between pods is the pod network’s business', () => {
  const { outcome } = ask(rule, (d) => {
    lone(d);
    d.node.flows = [flow({ interface: 'veth7' })];
  });
  expect(outcome).toBe('pass');
});

test('has nothing to say of a pod with a secondary network', () => {
  expect(ask(rule).outcome).toBe('skipped');
});
