import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import {
  canonicalAddress,
  contains,
  familyOf,
  fromNumber,
  hostPrefix,
  networkAddress,
  parsePrefix,
  toNumber,
} from '../../src/model/address.ts';

const address = fc.oneof(fc.ipV4(), fc.ipV6());

test('an address has one text', () => {
  expect(canonicalAddress('FF15:0:0::0001')).toBe('ff15::1');
  expect(canonicalAddress('fe80::1%net1')).toBe('fe80::1');
  // As /proc/net/udp6 and ip -j have it: 32 digits, and mixed notation.
  expect(canonicalAddress('0:0:0:0:0:ffff:ef01:203')).toBe('::ffff:239.1.2.3');
  expect(canonicalAddress('::ffff:239.1.2.3')).toBe('::ffff:239.1.2.3');
});

test.each(['', '10.0.0', '010.0.0.1', '10.0.0.256', '1', '0x7f000001', 'eth0', ':::', 'ff15::1/64', ' 10.0.0.1'])(
  '%j is no address',
  (text) => expect(canonicalAddress(text)).toBeUndefined(),
);

test('any address: its canonical text is canonical, and means the same', () => {
  fc.assert(
    fc.property(address, (text) => {
      const canonical = canonicalAddress(text)!;
      expect(canonicalAddress(canonical)).toBe(canonical);
      expect(ipaddr.parse(canonical).toByteArray()).toEqual(ipaddr.parse(text).toByteArray());
    }),
  );
});

test('any address: to its number and back', () => {
  fc.assert(
    fc.property(address, (text) => {
      const canonical = canonicalAddress(text)!;
      expect(fromNumber(toNumber(canonical), familyOf(canonical))).toBe(canonical);
    }),
  );
});

test('any address and length: what a prefix holds is what ipaddr.js says', () => {
  const pair = fc.oneof(fc.tuple(fc.ipV4(), fc.ipV4(), fc.nat(32)), fc.tuple(fc.ipV6(), fc.ipV6(), fc.nat(128)));
  fc.assert(
    fc.property(pair, fc.boolean(), ([a, b, length], near) => {
      // Unrelated addresses share long prefixes too seldom: half of the time the second is the first's network.
      const other = near ? networkAddress(a, length) : b;
      const expected = ipaddr.parse(other).match(ipaddr.parse(a) as never, length);
      expect(contains(`${a}/${length}`, other)).toBe(expected);
      if (near) expect(expected).toBe(true);
    }),
  );
});

test('a prefix has its host bits cleared, and reads back', () => {
  expect(parsePrefix('239.1.2.3/8')).toEqual({ family: 4, address: '239.0.0.0', length: 8 });
  expect(parsePrefix('ff15::1:2/112')).toEqual({ family: 6, address: 'ff15::1:0', length: 112 });
  expect(parsePrefix(hostPrefix('239.1.2.3'))).toEqual({ family: 4, address: '239.1.2.3', length: 32 });
  expect(parsePrefix(hostPrefix('ff15::1'))).toEqual({ family: 6, address: 'ff15::1', length: 128 });
});

test.each(['239.1.2.3', '239.1.2.3/33', 'ff15::/129', '239.1.2.3/', '/8', '10.0.0.0/8/8', '10.0.0.0/-1', 'a/8'])(
  '%j is no prefix, and holds nothing',
  (text) => {
    expect(parsePrefix(text)).toBeUndefined();
    expect(contains(text, '239.1.2.3')).toBe(false);
  },
);

test('text of clusters that is no address lies in no prefix', () => {
  for (const text of ['', '...', 'eth0', '1.2.3.4.5', ':::'])
    for (const prefix of ['0.0.0.0/0', '::/0']) expect(contains(prefix, text)).toBe(false);
  expect(contains('::/0', '10.0.0.1')).toBe(false);
});
