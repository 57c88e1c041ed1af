import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/foreign-mac-rejected.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

/** The pod's membership brings nothing, the node's own join does. */
function nodeOnly(d: Draft): void {
  d.node.netns.links[2]!.mac = '02:00:00:00:0e:01';
  d.rx.flows = [];
  d.node.flows = [];
  d.node.joinFlows = [flow({ interface: 'eth1' })];
}

test('warns on a virtual machine', () => {
  const { finding } = ask(rule, (d) => {
    nodeOnly(d);
    d.vendor = 'VMware, Inc. VMware7,1';
  });
  expect(finding?.severity).toBe('warning');
  expect(finding?.evidence.map((e) => e.source)).toEqual(['DMI', 'links', 'capture, after a join of kmcast’s']);
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['advice', 'alternative']);
});

test('Wi-Fi takes no second MAC: what the pod sends is lost', () => {
  const { finding } = ask(rule, (d) => {
    d.node.netns.links[2]!.mac = '02:00:00:00:0e:01';
    d.node.netns.links[2]!.wireless = true;
    d.rx.netns.memberships = [];
    d.rx.flows = [flow({ direction: 'out', source: '10.50.0.21' })];
  });
  expect(finding?.severity).toBe('error');
});

test('is silent on hardware, on a healthy virtual machine, and for an ipvlan', () => {
  expect(
    ask(rule, (d) => {
      nodeOnly(d);
      d.vendor = 'Dell Inc. PowerEdge';
    }).outcome,
  ).toBe('pass');
  expect(ask(rule).outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      nodeOnly(d);
      d.rx.netns.links[2]!.kind = 'ipvlan';
    }).outcome,
  ).toBe('pass');
});
