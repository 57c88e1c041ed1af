import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/mld-snooping.ts';
import igmp from '../../../src/doctor/rules/snooping-without-querier.ts';
import { asksForIpv6, silence } from '../roles.ts';
import { ask, type Draft } from '../snapshot.ts';

function forgotten(d: Draft): void {
  asksForIpv6(d);
  const seen = d.node.flows;
  silence(d);
  d.node.joinFlows = seen;
}

test('fires on an IPv6 member that a fresh join revives, with and without a querier', () => {
  const { finding } = ask(rule, forgotten);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain('snoops MLD, nobody queries');
  expect(finding?.evidence[0]?.source).toBe('/proc/net/igmp6');
  const queried = ask(rule, (d) => {
    forgotten(d);
    d.node.messages = [
      { interface: 'eth1', direction: 'in', family: 6, type: 'mldv2-query', source: 'fe80::1', at: 9 },
    ];
  });
  expect(queried.findings).toHaveLength(1);
  expect(queried.finding?.title).toContain('does not count eth1');
});

test('is silent when the stream arrives; the rules about IGMP have nothing to say', () => {
  expect(
    ask(rule, (d) => {
      asksForIpv6(d);
      d.node.joinFlows = [];
    }).outcome,
  ).toBe('pass');
  expect(ask(igmp, forgotten).outcome).toBe('skipped');
});
