import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalAddress, contains, familyOf } from '../../src/model/address.ts';
import {
  formatGroup,
  type Group,
  groupMac,
  isHousekeeping,
  isLinkScope,
  isMulticast,
  isSourceSpecific,
  parseGroup,
} from '../../src/model/group.ts';

test.each<[string, Group]>([
  ['239.1.2.3', { family: 4, address: '239.1.2.3' }],
  ['239.1.2.3:5007', { family: 4, address: '239.1.2.3', port: 5007 }],
  ['10.0.0.5@232.1.1.1:5007', { family: 4, address: '232.1.1.1', port: 5007, source: '10.0.0.5' }],
  ['FF15:0::1', { family: 6, address: 'ff15::1' }],
  ['[ff15::1]:5007', { family: 6, address: 'ff15::1', port: 5007 }],
  ['[ff15::1]', { family: 6, address: 'ff15::1' }],
  ['[2001:db8::5]@[ff3e::1]:65535', { family: 6, address: 'ff3e::1', port: 65535, source: '2001:db8::5' }],
  // No group, and a rule says so.
  ['10.0.0.5', { family: 4, address: '10.0.0.5' }],
])('%s is read', (text, group) => expect(parseGroup(text)).toEqual(group));

test.each([
  ['', 'is not a group'],
  ['239.1.2', 'is not a group'],
  ['239.1.2.3:', 'is not a group'],
  ['239.1.2.3:x', 'is not a group'],
  ['ff15::1]:5', 'is not a group'],
  ['239.1.2.3:0', 'a port outside'],
  ['239.1.2.3:65536', 'a port outside'],
  ['@239.1.2.3', 'a source that is not an address'],
  ['sender@239.1.2.3', 'a source that is not an address'],
  ['10.0.0.5@ff3e::1', "of the group's family"],
])('%j is refused with the reason', (text, reason) => {
  const message = parseGroup(text);
  expect(message).toContain(reason);
  expect(message).toContain(JSON.stringify(text));
});

test('any group: from its text to itself', () => {
  const port = fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined });
  const pair = fc.oneof(fc.tuple(fc.ipV4(), fc.ipV4()), fc.tuple(fc.ipV6(), fc.ipV6()));
  fc.assert(
    fc.property(pair, port, fc.boolean(), ([a, s], p, sourced) => {
      const address = canonicalAddress(a)!;
      const group: Group = {
        family: familyOf(address),
        address,
        ...(p === undefined ? {} : { port: p }),
        ...(sourced ? { source: canonicalAddress(s)! } : {}),
      };
      expect(parseGroup(formatGroup(group))).toEqual(group);
    }),
  );
});

test('ranges of groups', () => {
  expect(['224.0.0.0', '239.255.255.255', 'ff02::1'].map(isMulticast)).toEqual([true, true, true]);
  expect(['223.255.255.255', '240.0.0.0', 'fe80::1', 'eth0'].map(isMulticast)).toEqual([false, false, false, false]);
  expect(['224.0.0.251', 'ff02::fb', 'ff11::1', 'ff32::1'].map(isLinkScope)).toEqual([true, true, true, true]);
  expect(['224.0.1.0', 'ff05::2', 'ff15::1'].map(isLinkScope)).toEqual([false, false, false]);
});

test('the source-specific range is 232/8 and ff3x::/32, whatever zeros are left out', () => {
  expect(['232.0.0.1', 'ff3e::1', 'ff35::8000:1', 'ff3e:0:1:2:3:4:5:6'].map(isSourceSpecific)).toEqual(
    Array(4).fill(true),
  );
  // ff3e:30:: is an embedded unicast prefix (RFC 3306), not RFC 4607's range.
  expect(['239.1.1.1', 'ff15::1', 'ff3e:30:2001:db8::1', 'ff4e::1'].map(isSourceSpecific)).toEqual(
    Array(4).fill(false),
  );
});

test('memberships that every host has are no group that anybody asks about', () => {
  expect(['224.0.0.1', 'ff02::1', 'ff01::1', 'ff02::1:ff00:7', 'ff02::16'].map(isHousekeeping)).toEqual(
    Array(5).fill(true),
  );
  expect(['239.1.2.3', '224.0.1.1', 'ff15::1', 'ff02::1:3:1', 'ff05::1:3'].map(isHousekeeping)).toEqual(
    Array(5).fill(false),
  );
});

test('the MAC of a group', () => {
  expect(groupMac('224.0.0.1')).toBe('01:00:5e:00:00:01');
  expect(groupMac('239.129.2.3')).toBe('01:00:5e:01:02:03');
  expect(groupMac('ff15::1:2:3')).toBe('33:33:00:02:00:03');
});

test('any two IPv4 groups share their MAC exactly when their low 23 bits are the same', () => {
  const octet = fc.nat(255);
  const group = fc.tuple(fc.integer({ min: 224, max: 239 }), octet, octet, octet);
  fc.assert(
    fc.property(group, group, fc.boolean(), (a, b, near) => {
      const other = near ? ([b[0], a[1] ^ 0x80, a[2], a[3]] as const) : b;
      const low = (g: readonly number[]) => [g[1]! & 0x7f, g[2], g[3]].join();
      const mac = groupMac(a.join('.'));
      expect(mac).toMatch(/^01:00:5e(:[0-9a-f]{2}){3}$/);
      expect(groupMac(other.join('.')) === mac).toBe(low(a) === low(other));
      expect(contains('224.0.0.0/4', a.join('.'))).toBe(true);
    }),
  );
});
