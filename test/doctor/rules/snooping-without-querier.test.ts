import { expect, test } from 'vitest';
import portNotMember from '../../../src/doctor/rules/snooping-port-not-member.ts';
import rule from '../../../src/doctor/rules/snooping-without-querier.ts';
import { silence } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

/** A member hears nothing; a fresh join from the node brings the stream. */
function forgotten(d: Draft): void {
  silence(d);
  d.node.joinFlows = [flow({ interface: 'eth1' })];
}

test('fires when a fresh join revives the stream and nobody asked meanwhile', () => {
  const { finding } = ask(rule, forgotten);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain('nobody queries');
  expect(finding?.evidence.map((e) => e.observed)).toEqual([
    'member of 239.10.20.30:6000, 1 socket',
    'no datagram to 239.10.20.30 in 1.0 s',
    '10 datagrams from 10.50.0.9 to port 6000, TTL 8',
    'no query heard',
  ]);
  expect(finding?.fixes[0]).toMatchObject({ kind: 'advice', on: 'network' });
});

test('leaves the word to snooping-port-not-member when a querier asks', () => {
  const queried = (d: Draft) => {
    forgotten(d);
    d.node.messages = [
      { interface: 'eth1', direction: 'in', family: 4, type: 'igmpv3-query', source: '10.50.0.254', at: 9 },
    ];
  };
  expect(ask(rule, queried).outcome).toBe('pass');
  expect(ask(portNotMember, queried).finding?.evidence[3]?.observed).toBe('query from 10.50.0.254');
  expect(ask(portNotMember, forgotten).outcome).toBe('pass');
});

test('is silent when nothing is revived, when the stream was there before, and for a filter that excludes the source', () => {
  expect(
    ask(rule, (d) => {
      forgotten(d);
      d.node.joinFlows = [];
    }).outcome,
  ).toBe('pass');
  expect(
    ask(rule, (d) => {
      forgotten(d);
      d.node.flows = [flow({ interface: 'eth1' })];
    }).outcome,
  ).toBe('pass');
  expect(
    ask(rule, (d) => {
      forgotten(d);
      d.rx.netns.sourceFilters = [
        { family: 4, interface: 'net1', group: '239.10.20.30', source: '10.50.0.99', include: 1, exclude: 0 },
      ];
    }).outcome,
  ).toBe('pass');
});

test('is unknown without a join, and has nothing to say of targets that are no members', () => {
  expect(ask(rule, silence).outcome).toBe('unknown');
  expect(
    ask(rule, (d) => {
      forgotten(d);
      d.rx.netns.memberships = [];
    }).outcome,
  ).toBe('skipped');
});
