import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/checksum-errors.ts';
import { ask } from '../snapshot.ts';

test('fires when the stream comes and none of it is read', () => {
  const { finding } = ask(rule, (d) => {
    d.rx.moved = { 'IpExt.InMcastPkts': 10, 'Udp.InCsumErrors': 10 };
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.source)).toEqual(['/proc/net/snmp', 'capture']);
});

test('only warns while datagrams are read: they may be of another stream', () => {
  expect(ask(rule, (d) => (d.rx.moved['Udp.InCsumErrors'] = 2)).finding?.severity).toBe('warning');
});

test('is silent when the counter stands, and unknown when it could not be read twice', () => {
  expect(ask(rule).outcome).toBe('pass');
  expect(ask(rule, (d) => (d.missing.movement = 'read once only')).outcome).toBe('unknown');
});
