import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/mtu-exceeded.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

/** First fragments arrive, the others do not; the node's namespace waits for them. */
function fragmented(d: Draft): void {
  d.rx.flows = [];
  d.rx.moved = {};
  d.node.flows = [flow({ interface: 'eth1', fragments: 10, largest: 1500 })];
  d.node.moved = { 'Ip.ReasmReqds': 10 };
}

test('fires when fragments of the group come and nothing is put together', () => {
  const { finding } = ask(rule, fragmented);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.at)).toEqual(['pod/rx eth1', 'node/node1']);
  expect(finding?.evidence[1]?.observed).toContain('ReasmReqds rose by 10, ReasmOKs by 0');
});

test('warns when some are put together', () => {
  const { finding } = ask(rule, (d) => {
    fragmented(d);
    d.rx.flows = [flow()];
    d.rx.moved = { 'Udp.InDatagrams': 5 };
    d.node.moved = { 'Ip.ReasmReqds': 12, 'Ip.ReasmOKs': 5, 'Ip.ReasmFails': 2 };
  });
  expect(finding?.severity).toBe('warning');
});

test('is silent when all are put together, and on fragments of something else', () => {
  const whole = ask(rule, (d) => {
    fragmented(d);
    d.node.moved = { 'Ip.ReasmReqds': 10, 'Ip.ReasmOKs': 5 };
  });
  expect(whole.outcome).toBe('pass');
  const foreign = ask(rule, (d) => {
    fragmented(d);
    d.node.flows = [flow({ interface: 'eth1' })];
  });
  expect(foreign.outcome).toBe('pass');
});
