import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/macvlan-own-node.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const PARENT = '02:00:00:00:0e:01';

function fromNode(d: Draft): void {
  d.node.netns.links[2]!.mac = PARENT;
  d.rx.flows = [];
  d.node.flows = [flow({ interface: 'eth1', direction: 'out', source: '10.50.0.11', sourceMac: PARENT })];
}

test('gives the node’s sender a macvlan of its own, and keeps its source address', () => {
  const { finding } = ask(rule, fromNode);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence[0]?.observed).toContain('10 datagrams from 10.50.0.11');
  expect(finding?.fixes[0]).toMatchObject({
    kind: 'node',
    node: 'node1',
    run: 'ip link add mv-eth1 link eth1 type macvlan mode bridge\nip link set mv-eth1 up\nip route replace 239.10.20.30/32 dev mv-eth1 src 10.50.0.11',
    undo: 'ip link del mv-eth1',
  });
});

test('what the node forwards for others is advised on', () => {
  const { finding } = ask(rule, (d) => {
    fromNode(d);
    d.node.flows[0] = { ...d.node.flows[0]!, source: '172.31.9.9' };
  });
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['advice']);
});

test('is silent for a pod of the node, for a stream from outside, and when the pod hears it', () => {
  expect(ask(rule).outcome).toBe('pass');
  const sibling = ask(rule, (d) => {
    fromNode(d);
    d.node.flows[0] = { ...d.node.flows[0]!, sourceMac: '02:00:00:00:00:22' };
  });
  expect(sibling.outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      fromNode(d);
      d.rx.flows = [flow()];
    }).outcome,
  ).toBe('pass');
});
