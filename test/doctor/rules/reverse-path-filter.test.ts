import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/reverse-path-filter.ts';
import { onHostNetwork } from '../roles.ts';
import { ask, type Draft, flow, route } from '../snapshot.ts';

const COUNTER = 'TcpExt.IPReversePathFilter';

/** A sender of another network, to which eth0's default route leads. */
function offLink(d: Draft, rpFilter = '1'): void {
  d.rx.flows = [flow({ source: '172.31.9.9' })];
  d.node.flows = [];
  d.rx.moved = { [COUNTER]: 10 };
  d.rx.netns.sysctls['net.ipv4.conf.net1.rp_filter'] = rpFilter;
}

test('fires on a source that is routed elsewhere, with the counter for proof', () => {
  const { finding } = ask(rule, offLink);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('the reverse-path filter drops 172.31.9.9 on net1');
  expect(finding?.evidence.map((e) => e.source)).toEqual([
    'capture',
    'net.ipv4.conf.*.rp_filter',
    'routes',
    `/proc/net/netstat ${COUNTER}`,
  ]);
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attachment', 'recreate']);
});

test('takes the counter alone for proof where routes could not be read', () => {
  const { outcome } = ask(rule, (d) => {
    offLink(d);
    d.missing.routes = 'no program that lists routes';
  });
  expect(outcome).toBe('fail');
});

test('routes the source on the node for a hostNetwork pod', () => {
  const { finding } = ask(rule, (d) => {
    onHostNetwork(d);
    d.rx.flows = [flow({ interface: 'eth1', source: '172.31.9.9' })];
    d.node.flows = [];
    d.rx.netns.sysctls['net.ipv4.conf.eth1.rp_filter'] = '1';
  });
  expect(finding?.fixes[0]).toMatchObject({ kind: 'node', run: 'ip route replace 172.31.9.9/32 dev eth1' });
});

test('is silent in loose mode, with a route to the source, on-link, and when another source is let in', () => {
  expect(ask(rule, (d) => offLink(d, '2')).outcome).toBe('pass');
  const routed = ask(rule, (d) => {
    offLink(d);
    d.rx.netns.routes.push(route('172.31.9.0/24', 'net1'));
  });
  expect(routed.outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('pass');
  const unseen = ask(rule, (d) => {
    offLink(d);
    d.source = '172.31.9.9';
    d.rx.flows = [];
    d.rx.moved = {};
  });
  expect(unseen.outcome).toBe('pass');
  const second = ask(rule, (d) => {
    offLink(d);
    d.rx.flows.push(flow());
  });
  expect(second.outcome).toBe('pass');
});
