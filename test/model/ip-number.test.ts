import fc from 'fast-check';
import { expect, test } from 'vitest';
import { covers, ipBlock, ipNumber, rangeToPrefixes } from '../../src/model/ip-number.ts';

const dotted = fc.ipV4();

test('a prefix covers its addresses, and none of the other family', () => {
  const block = ipBlock('239.1.0.0/16')!;
  expect(covers(block, ipNumber('239.1.255.255')!)).toBe(true);
  expect(covers(block, ipNumber('239.2.0.0')!)).toBe(false);
  expect(covers(ipBlock('0.0.0.0/0')!, ipNumber('::1')!)).toBe(false);
  expect(covers(ipBlock('ff15::1')!, ipNumber('ff15:0::1')!)).toBe(true);
});

test('bits behind the length do not count', () => {
  expect(covers(ipBlock('10.1.2.3/8')!, ipNumber('10.200.0.1')!)).toBe(true);
});

test.each(['', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/', '10.0.0.0/8/8', 'ff15::/129', 'eth0', '10.0.0.0/x'])(
  '%j is no block',
  (text) => {
    expect(ipBlock(text)).toBeUndefined();
  },
);

test('a range becomes the prefixes that cover exactly it', () => {
  expect(rangeToPrefixes('239.7.0.1', '239.7.0.9')).toEqual([
    '239.7.0.1/32',
    '239.7.0.2/31',
    '239.7.0.4/30',
    '239.7.0.8/31',
  ]);
  expect(rangeToPrefixes('0.0.0.0', '255.255.255.255')).toEqual(['0.0.0.0/0']);
  expect(rangeToPrefixes('ff15::', 'ff15::ffff')).toEqual(['ff15::/112']);
  expect(rangeToPrefixes('10.0.0.2', '10.0.0.1')).toEqual([]);
  expect(rangeToPrefixes('10.0.0.2', 'ff15::1')).toEqual([]);
});

test('any range: an address is covered exactly when it lies between', () => {
  fc.assert(
    fc.property(dotted, dotted, dotted, (a, b, ip) => {
      const [first, last, at] = [a, b, ip].map((text) => ipNumber(text)!.value);
      const covered = rangeToPrefixes(a, b).some((prefix) => covers(ipBlock(prefix)!, ipNumber(ip)!));
      expect(covered).toBe(at! >= first! && at! <= last!);
    }),
  );
});
