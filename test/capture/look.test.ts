import { describe, expect, test } from 'vitest';
import type { SeenPackets } from '../../src/agent/protocol.ts';
import { type LookMessage, wireLook } from '../../src/capture/look.ts';
import { address, be16, be32, bytes, ethernet, icmpv6, igmp, ipv4, ipv6, record, udp } from './build.ts';

const MEDIA = { source: '10.0.0.5', destination: '239.1.2.3' };
const datagram = (size: number, options = {}) =>
  ipv4(MEDIA, 17, udp(MEDIA, 5000, 5007, new Uint8Array(size)), { ttl: 5, ...options });
const frame = (ip: Uint8Array, etherType = 0x0800) =>
  ethernet('01:00:5e:01:02:03', '02:42:0a:00:00:05', [], etherType, ip);

function seen(packet: Uint8Array, more: Partial<SeenPackets> = {}): SeenPackets {
  const snap = Buffer.from(packet.subarray(0, 192)).toString('base64');
  const [packets, largest] = [more.packets ?? 1, more.largest ?? packet.length];
  const counted = { packets, bytes: packets * largest, largest, fragments: 0, first: 10, last: 20 };
  return { interface: 'net1', hardware: 1, out: false, snap, ...counted, ...more };
}

function look(packets: SeenPackets[], messages: LookMessage['messages'] = []): LookMessage {
  return {
    type: 'look',
    place: 'pod',
    step: 'look',
    duration: 2000,
    interfaces: ['net1'],
    packets,
    messages,
    lost: 0,
    truncated: false,
  };
}

const message = (packet: Uint8Array, more = {}) => ({
  interface: 'net1',
  hardware: 1,
  out: false,
  at: 7,
  snap: seen(packet).snap,
  ...more,
});

describe('wireLook', () => {
  test('gives a flow with the lengths of its IP packets', () => {
    const { flows } = wireLook(look([seen(frame(datagram(1000)), { packets: 3, bytes: 2500, fragments: 0 })]));
    expect(flows).toEqual([
      {
        interface: 'net1',
        direction: 'in',
        family: 4,
        source: '10.0.0.5',
        destination: '239.1.2.3',
        protocol: 17,
        sourcePort: 5000,
        destinationPort: 5007,
        ttl: 5,
        sourceMac: '02:42:0a:00:00:05',
        destinationMac: '01:00:5e:01:02:03',
        packets: 3,
        bytes: 2500 - 3 * 14,
        largest: 1028,
        fragments: 0,
        first: 10,
        last: 20,
      },
    ]);
  });

  test('does not count the padding of short frames', () => {
    const { flows } = wireLook(look([seen(frame(datagram(4)), { packets: 5 })]));
    expect(flows[0]).toMatchObject({ bytes: 5 * 32, largest: 32 });
  });

  test('takes off VLAN tags too, and nothing where there is no link-layer header', () => {
    const tag = ethernet(
      '01:00:5e:01:02:03',
      '02:42:0a:00:00:05',
      [{ protocol: 0x8100, control: 12 }],
      0x0800,
      datagram(500),
    );
    const { flows } = wireLook(look([seen(tag), seen(datagram(500), { hardware: 65534, interface: 'tun0' })]));
    expect(flows.map(({ bytes, sourceMac }) => [bytes, sourceMac])).toEqual([
      [528, '02:42:0a:00:00:05'],
      [528, undefined],
    ]);
  });

  test('merges entries whose headers agree, and keeps directions and TTLs apart', () => {
    const { flows } = wireLook(
      look([
        seen(frame(datagram(1000)), { packets: 2, first: 30, last: 40 }),
        seen(frame(datagram(100)), { packets: 1, first: 5, last: 5 }),
        seen(frame(datagram(100)), { out: true }),
        seen(frame(datagram(100, { ttl: 1 }))),
      ]),
    );
    expect(
      flows.map(({ packets, bytes, largest, first, last, direction, ttl }) => [
        packets,
        bytes,
        largest,
        first,
        last,
        direction,
        ttl,
      ]),
    ).toEqual([
      [3, 2 * 1028 + 128, 1028, 5, 40, 'in', 5],
      [1, 128, 128, 10, 20, 'out', 5],
      [1, 128, 128, 10, 20, 'in', 1],
    ]);
  });

  test('shows fragments, which have no ports behind the first', () => {
    const later = frame(ipv4(MEDIA, 17, new Uint8Array(800), { fragment: { offset: 1480, more: false } }));
    const { flows } = wireLook(
      look([seen(later, { packets: 4, fragments: 4 }), seen(later, { packets: 2, fragments: 2 })]),
    );
    expect(flows).toMatchObject([{ protocol: 17, fragments: 6, packets: 6 }]);
    expect(flows[0]).not.toHaveProperty('sourcePort');
  });

  test('gives one message for each record of a report', () => {
    const records = [record(4, '239.1.2.3', []), record(5, '232.1.1.1', ['10.0.0.5', '10.0.0.6'])];
    const report = ipv4(
      { source: '10.0.0.9', destination: '224.0.0.22' },
      2,
      igmp(0x22, 0, bytes(be16(0), be16(2), ...records)),
    );
    expect(wireLook(look([], [message(frame(report), { out: true })])).messages).toEqual([
      {
        interface: 'net1',
        direction: 'out',
        family: 4,
        type: 'igmpv3-report',
        source: '10.0.0.9',
        group: '239.1.2.3',
        record: 'to-ex',
        sources: [],
        at: 7,
      },
      {
        interface: 'net1',
        direction: 'out',
        family: 4,
        type: 'igmpv3-report',
        source: '10.0.0.9',
        group: '232.1.1.1',
        record: 'allow',
        sources: ['10.0.0.5', '10.0.0.6'],
        at: 7,
      },
    ]);
  });

  test('names queries by version, the group absent in a general one', () => {
    const ends = { source: '10.0.0.1', destination: '224.0.0.1' };
    const ends6 = { source: 'fe80::1', destination: 'ff02::1' };
    const hops = { kind: 0, rest: bytes(0, 5, 2, be16(0), 1, 0) };
    const mld = (ip: Uint8Array) => message(frame(ip, 0x86dd));
    const { messages } = wireLook(
      look(
        [],
        [
          message(frame(ipv4(ends, 2, igmp(0x11, 0, be32(0))))),
          message(frame(ipv4(ends, 2, igmp(0x11, 100, address('239.1.2.3'))))),
          message(
            frame(ipv4(ends, 2, igmp(0x11, 100, bytes(address('239.1.2.3'), 2, 125, be16(1), address('10.0.0.5'))))),
          ),
          mld(
            ipv6(ends6, 58, icmpv6(ends6, 130, bytes(be32(0), address('0:0:0:0:0:0:0:0'), 2, 125, be16(0))), {
              extensions: [hops],
            }),
          ),
          mld(ipv6(ends6, 58, icmpv6(ends6, 132, bytes(be32(0), address('ff15::1'))), { extensions: [hops] })),
        ],
      ),
    );
    expect(messages.map(({ type, group, sources }) => [type, group, sources])).toEqual([
      ['igmpv1-query', undefined, undefined],
      ['igmpv2-query', '239.1.2.3', undefined],
      ['igmpv3-query', '239.1.2.3', ['10.0.0.5']],
      ['mldv2-query', undefined, undefined],
      ['mldv1-done', 'ff15::1', undefined],
    ]);
  });

  test('leaves out what is not IP, and passes on what the agent says of the look', () => {
    const arp = ethernet('ff:ff:ff:ff:ff:ff', '02:42:0a:00:00:05', [], 0x0806, new Uint8Array(28));
    const joined = [{ group: '239.1.2.3', interface: 'net1' }];
    const result = wireLook(
      { ...look([seen(arp)], [message(arp), message(frame(datagram(1)))]), lost: 3, truncated: true },
      joined,
    );
    expect(result).toEqual({
      duration: 2000,
      interfaces: ['net1'],
      joined,
      flows: [],
      messages: [],
      lost: 3,
      truncated: true,
    });
  });
});
