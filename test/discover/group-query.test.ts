import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeInto } from '../../src/capture/decode/fast.ts';
import { RAW } from '../../src/capture/decode/link-types.ts';
import { Packet } from '../../src/capture/decode/packet.ts';
import { formatQuery, type GroupQuery, joinsOf, parseGroupQuery } from '../../src/discover/group-query.ts';
import { matcherOf } from '../../src/discover/matcher.ts';
import { contains } from '../../src/model/address.ts';
import { ipv4, ipv6, udp } from '../capture/build.ts';

describe('a query', () => {
  it.each([
    ['239.1.2.3', { family: 4, prefix: '239.1.2.3/32' }],
    ['239.1.2.3:5007', { family: 4, prefix: '239.1.2.3/32', port: 5007 }],
    ['239.1.2.7/28', { family: 4, prefix: '239.1.2.0/28' }],
    ['10.0.0.5@232.1.1.1:5007', { family: 4, prefix: '232.1.1.1/32', port: 5007, source: '10.0.0.5' }],
    ['[ff15::1]:5007', { family: 6, prefix: 'ff15::1/128', port: 5007 }],
    ['FF15:0::/120', { family: 6, prefix: 'ff15::/120' }],
    ['fd00::1@ff35::1', { family: 6, prefix: 'ff35::1/128', source: 'fd00::1' }],
  ])('is read from %s', (text, query) => expect(parseGroupQuery(text)).toEqual(query));

  it.each([
    ['10.1.1.1', '10.1.1.1 is no multicast group: groups are in 224.0.0.0/4 and ff00::/8'],
    ['10.0.0.0/8', 'no range of multicast groups'],
    ['0.0.0.0/0', 'no range of multicast groups'],
    ['10.0.0.1@239.1.2.0/28', 'no range of groups'],
    ['239.1.2.3/33', 'no range of groups'],
    ['239.1.2', 'is not a group'],
    ['239.1.2.3:0', 'port outside 1 to 65535'],
    ['ff15::1@239.1.2.3', "not an address of the group's family"],
  ])('is refused from %s with a reason', (text, reason) => expect(parseGroupQuery(text)).toContain(reason));

  it('is written as it is read', () => {
    for (const text of ['239.1.2.3', '239.1.2.0/28', '10.0.0.5@232.1.1.1:5007', '[ff15::1]:5007', 'ff15::/120'])
      expect(formatQuery(parseGroupQuery(text) as GroupQuery)).toBe(text);
  });

  it('joins each group of a range, and none of one that is too large', () => {
    const joins = (text: string) => joinsOf(parseGroupQuery(text) as GroupQuery);
    expect(joins('239.1.2.254/31')).toEqual([{ group: '239.1.2.254' }, { group: '239.1.2.255' }]);
    expect(joins('239.1.2.0/24')).toHaveLength(256);
    expect(joins('239.1.2.0/23')).toBeUndefined();
    expect(joins('ff15::/16')).toBeUndefined();
    expect(joins('10.0.0.5@232.1.1.1:9')).toEqual([{ group: '232.1.1.1', source: '10.0.0.5' }]);
  });
});

describe('the matcher', () => {
  const packet = new Packet();
  const matched = (queries: readonly GroupQuery[], data: Uint8Array): boolean => {
    decodeInto(packet, data, 0, data.length, data.length, RAW);
    return matcherOf(queries)(packet, data);
  };
  // Few values, so that they often meet.
  const ends4 = { group: ['239.1.2.3', '239.1.2.4', '239.1.3.3', '10.0.0.9'], source: ['10.0.0.5', '10.0.0.6'] };
  const ends6 = { group: ['ff15::1', 'ff15::1:1', 'ff15:0:1::1', 'fd00::9'], source: ['fd00::5', 'fd00::6'] };
  const sent = fc.constantFrom(ends4, ends6).chain(({ group, source }) =>
    fc.record({
      source: fc.constantFrom(...source),
      group: fc.constantFrom(...group),
      port: fc.constantFrom(5007, 5008),
    }),
  );
  const query = fc.oneof(
    ...[ends4, ends6].map(({ group, source }, i) =>
      fc.record(
        {
          family: fc.constant(i === 0 ? (4 as const) : (6 as const)),
          prefix: fc
            .tuple(
              fc.constantFrom(...group.slice(0, 3)),
              fc.constantFrom(...(i === 0 ? [8, 23, 24, 31, 32] : [16, 33, 64, 127, 128])),
            )
            .map(([address, length]) => `${address}/${length}`),
          port: fc.constantFrom(5007, 5008),
          source: fc.constantFrom(...source),
        },
        { requiredKeys: ['family', 'prefix'] },
      ),
    ),
  );

  it('passes what one of the queries asks for, bit by bit', () => {
    fc.assert(
      fc.property(fc.array(query, { minLength: 1, maxLength: 3 }), sent, (queries, { source, group, port }) => {
        const ends = { source, destination: group };
        const datagram = udp(ends, 4000, port, new Uint8Array(4));
        const data = source.includes(':') ? ipv6(ends, 17, datagram) : ipv4(ends, 17, datagram);
        const masked = queries.map(({ prefix, ...rest }) => ({ ...rest, prefix: networkOf(prefix) }));
        const wanted = masked.some(
          (q) => contains(q.prefix, group) && (q.port ?? port) === port && (q.source ?? source) === source,
        );
        expect(matched(masked, data)).toBe(wanted);
      }),
      { numRuns: 400 },
    );
  });

  it('without queries passes every group and nothing else', () => {
    const to = (destination: string, protocol = 17) => {
      const ends = { source: destination.includes(':') ? 'fd00::5' : '10.0.0.5', destination };
      const data = udp(ends, 1, 2, new Uint8Array(1));
      return matched([], destination.includes(':') ? ipv6(ends, protocol, data) : ipv4(ends, protocol, data));
    };
    expect(['224.0.0.251', '239.255.255.255', 'ff02::fb'].map((group) => to(group))).toEqual([true, true, true]);
    expect(['10.0.0.9', '255.255.255.255', 'fd00::9'].map((address) => to(address))).toEqual([false, false, false]);
    expect([to('224.0.0.22', 2), to('ff02::16', 58), to('224.0.0.18', 112)]).toEqual([false, false, true]);
  });
});

/** Host bits cleared, as queries have them. */
function networkOf(prefix: string): string {
  return (parseGroupQuery(prefix) as GroupQuery).prefix;
}
