import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/querier-without-address.ts';
import { silence } from '../roles.ts';
import { ask, type Draft, link } from '../snapshot.ts';

function queriedFrom(d: Draft, ...sources: string[]): void {
  d.node.messages = sources.map((source) => ({
    interface: 'eth1',
    direction: 'in',
    family: 4,
    type: 'igmpv2-query',
    source,
    at: 5,
  }));
}

test('warns of queries from 0.0.0.0 when nothing arrives', () => {
  const { finding } = ask(rule, (d) => {
    silence(d);
    queriedFrom(d, '0.0.0.0');
  });
  expect(finding?.severity).toBe('warning');
  expect(finding?.evidence).toEqual([
    { at: 'node/node1 eth1', source: 'capture', observed: 'igmpv2-query from 0.0.0.0' },
  ]);
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'network' }]);
});

test('gives the command when a bridge of the node is the querier', () => {
  const { finding } = ask(rule, (d) => {
    silence(d);
    queriedFrom(d, '0.0.0.0');
    d.node.netns.links.push(
      link('br0', 20, { kind: 'bridge', bridge: { snooping: true, querier: true, queryUseIfaddr: false } }),
    );
  });
  expect(finding?.fixes).toMatchObject([{ kind: 'node', run: 'ip link set br0 type bridge mcast_query_use_ifaddr 1' }]);
});

test('only informs while the stream arrives', () => {
  expect(ask(rule, (d) => queriedFrom(d, '0.0.0.0')).finding?.severity).toBe('info');
});

test('is silent when somebody with an address asks, and in AWS, where it is meant', () => {
  expect(ask(rule, (d) => queriedFrom(d, '0.0.0.0', '10.50.0.254')).outcome).toBe('pass');
  const aws = ask(rule, (d) => {
    queriedFrom(d, '0.0.0.0');
    d.cluster.nodes[0] = { ...d.cluster.nodes[0]!, providerID: 'aws:///eu-west-1a/i-0123' };
  });
  expect(aws.outcome).toBe('skipped');
});
