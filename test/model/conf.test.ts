import { expect, test } from 'vitest';
import { effectiveRpFilter, isSet } from '../../src/model/conf.ts';

const conf = (all: string, own: string) => ({
  sysctls: { 'net.ipv4.conf.all.rp_filter': all, 'net.ipv4.conf.net1.rp_filter': own },
});

test.each([
  ['0', '0', 0],
  ['1', '0', 1],
  ['0', '1', 1],
  ['1', '2', 2],
  ['2', '1', 2],
  ['', 'odd', 0],
])('rp_filter all=%s own=%s is %i', (all, own, mode) => expect(effectiveRpFilter(conf(all, own), 'net1')).toBe(mode));

test('a switch counts for all interfaces or for one; a missing one is off', () => {
  expect([isSet(conf('1', '0'), 'rp_filter', 'net1'), isSet(conf('0', '1'), 'rp_filter', 'net1')]).toEqual([
    true,
    true,
  ]);
  expect([isSet(conf('0', '1'), 'rp_filter', 'net2'), isSet({}, 'rp_filter', 'net1')]).toEqual([false, false]);
});
