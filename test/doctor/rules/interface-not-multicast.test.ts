import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/interface-not-multicast.ts';
import { ask } from '../snapshot.ts';

const PLAIN = ['BROADCAST', 'UP', 'LOWER_UP'];

test('warns of the pod’s interface', () => {
  const { finding } = ask(rule, (d) => {
    d.rx.netns.links[2]!.flags = PLAIN;
  });
  expect(finding?.severity).toBe('warning');
  expect(finding?.evidence[0]).toEqual({ at: 'pod/rx net1', source: 'links', observed: '<BROADCAST,UP,LOWER_UP>' });
  expect(finding?.fixes).toEqual([{ kind: 'recreate' }]);
});

test('warns of the parent, with the command for the node', () => {
  const { finding } = ask(rule, (d) => {
    d.node.netns.links[2]!.flags = PLAIN;
  });
  expect(finding?.title).toBe('node/node1 eth1 lacks the flag MULTICAST');
  expect(finding?.fixes).toMatchObject([{ kind: 'node', run: 'ip link set dev eth1 multicast on' }]);
});

test('is silent with the flag, and about other interfaces', () => {
  expect(ask(rule).outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      d.node.netns.links[1]!.flags = PLAIN;
    }).outcome,
  ).toBe('pass');
});
