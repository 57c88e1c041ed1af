import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/interface-without-address.ts';
import { ask, type Draft, nadConfig } from '../snapshot.ts';

function unnumbered(d: Draft): void {
  d.cluster.attachments[0]!.config = nadConfig({ ipam: {} });
  d.rx.netns.addresses = d.rx.netns.addresses.filter((a) => a.interface !== 'net1');
  d.rx.netns.routes = d.rx.netns.routes.filter((r) => r.nextHops[0]?.interface !== 'net1');
}

test('gives the attachment an address of the parent’s network', () => {
  const { finding } = ask(rule, unnumbered);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.source)).toEqual([
    'addresses',
    'net.ipv4.conf.*.rp_filter',
    'capture',
    'spec.config ipam',
  ]);
  expect(JSON.stringify(finding?.fixes[0])).toContain('10.50.0.250/24');
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attachment', 'advice', 'recreate', 'alternative']);
});

test('a link-local address will do where the node has none on that LAN', () => {
  const { finding } = ask(rule, (d) => {
    unnumbered(d);
    d.node.netns.addresses = d.node.netns.addresses.filter((a) => a.interface !== 'eth1');
  });
  expect(JSON.stringify(finding?.fixes[0])).toContain('169.254.254.254/32');
});

test('without a filter the stream gets in', () => {
  const { outcome } = ask(rule, (d) => {
    unnumbered(d);
    d.rx.netns.sysctls['net.ipv4.conf.net1.rp_filter'] = '0';
  });
  expect(outcome).toBe('pass');
});

test('is silent on an interface with an address, unknown without sysctls', () => {
  expect(ask(rule).outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      unnumbered(d);
      d.missing.sysctls = 'not readable';
    }).outcome,
  ).toBe('unknown');
});
