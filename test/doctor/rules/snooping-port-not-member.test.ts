import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/snooping-port-not-member.ts';
import { silence } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

function kept(d: Draft, queried: string): void {
  silence(d);
  d.node.joinFlows = [flow({ interface: 'eth1' })];
  d.node.messages = [
    { interface: queried, direction: 'in', family: 4, type: 'igmpv2-query', source: '10.50.0.254', at: 9 },
  ];
}

test('fires when a querier asks and the port gets the stream only after a fresh join', () => {
  const { finding } = ask(rule, (d) => kept(d, 'eth1'));
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('the switch does not count eth1 of node1 as a member of 239.10.20.30');
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'network' }]);
});

test('is silent when the query was heard on another LAN, and when the stream arrives', () => {
  expect(ask(rule, (d) => kept(d, 'eth0')).outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      kept(d, 'eth1');
      d.rx.flows = [flow()];
    }).outcome,
  ).toBe('pass');
});
