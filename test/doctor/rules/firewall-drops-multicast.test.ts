import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/firewall-drops-multicast.ts';
import { drops } from '../firewall.ts';
import { sends } from '../roles.ts';
import { ask, type Draft } from '../snapshot.ts';

const GROUP = [{ kind: 'destination' as const, prefixes: ['239.0.0.0/8'] }];

function dropped(d: Draft): void {
  drops(d, 'input', GROUP, '-A INPUT -d 239.0.0.0/8 -j DROP', 10);
  d.rx.moved = { 'IpExt.InMcastPkts': 10 };
}

test('fires on a rule that drops what arrives', () => {
  const { finding } = ask(rule, dropped);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.observed)).toEqual([
    'firewall rule "-A INPUT -d 239.0.0.0/8 -j DROP": 10 packets during the look',
    '10 datagrams from 10.50.0.9 to port 6000, TTL 8',
    'datagrams that applications read meanwhile: 0',
  ]);
});

test('fires on a rule that drops what a sender sends', () => {
  const { finding } = ask(rule, (d) => {
    sends(d);
    drops(d, 'output', GROUP, '-A OUTPUT -d 239.0.0.0/8 -j DROP', 10);
  });
  expect(finding?.title).toContain('on its way out');
});

test('suspects a filter that could not be listed when the stream vanishes below the socket', () => {
  const vanishes = (d: Draft) => {
    d.rx.moved = { 'IpExt.InMcastPkts': 10 };
    d.missing.firewall = 'iptables-save: not found';
  };
  expect(ask(rule, vanishes).finding?.title).toContain('a packet filter that kmcast may not list');
  const ignored = ask(rule, (d) => {
    vanishes(d);
    d.rx.moved['Udp.IgnoredMulti'] = 10;
  });
  expect(ignored.outcome).toBe('pass');
});

test('is silent when the application reads the stream, and when the rule is for another group', () => {
  const reads = ask(rule, (d) => {
    dropped(d);
    d.rx.moved['Udp.InDatagrams'] = 10;
  });
  expect(reads.outcome).toBe('pass');
  const other = ask(rule, (d) => {
    dropped(d);
    drops(d, 'input', [{ kind: 'destination', prefixes: ['238.0.0.0/8'] }], '-A INPUT -d 238.0.0.0/8 -j DROP');
  });
  expect(other.outcome).toBe('pass');
});
