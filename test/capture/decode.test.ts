import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4Text, ipv6Text, macText } from '../../src/capture/decode/address.ts';
import { decode } from '../../src/capture/decode/decode.ts';
import { canonicalAddress } from '../../src/model/address.ts';
import { address, be16, be32, bytes, ethernet, igmp, ipv4, ipv6, patch16, sll, sll2, udp } from './build.ts';
import { corpus, cutCorpus } from './corpus.ts';

const MEDIA = { source: '10.0.0.5', destination: '239.1.2.3' };
const MEDIA6 = { source: '2001:db8::5', destination: 'ff15::1' };
const RAW = 101;

describe('address texts', () => {
  test('are the canonical ones', () => {
    const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const long = groups.map((value) => value.toString(16)).join(':');
        expect(ipv6Text(bytes(...groups.map(be16)), 0)).toBe(canonicalAddress(long));
      }),
    );
  });

  test('are read from where they stand', () => {
    const at = bytes(9, 9, address('239.1.2.3'), 0xab);
    expect(ipv4Text(at, 2)).toBe('239.1.2.3');
    expect(macText(at, 1)).toBe('09:ef:01:02:03:ab');
  });
});

describe('decode', () => {
  test('gives every layer', () => {
    const frame = ethernet(
      '01:00:5e:01:02:03',
      '02:42:0a:00:00:05',
      [{ protocol: 0x88a8, control: 0xb064 }],
      0x0800,
      ipv4(MEDIA, 17, udp(MEDIA, 1, 2, Uint8Array.of(7))),
    );
    expect(decode(Uint8Array.from(frame), 1, { checksums: true })).toEqual({
      link: {
        destinationMac: '01:00:5e:01:02:03',
        sourceMac: '02:42:0a:00:00:05',
        etherType: 0x0800,
        vlans: [{ protocol: 0x88a8, id: 100, priority: 5, dropEligible: true }],
      },
      ip: {
        version: 4,
        source: '10.0.0.5',
        destination: '239.1.2.3',
        protocol: 17,
        ttl: 16,
        length: 29,
        trafficClass: 0,
        identification: 0,
        dontFragment: false,
        routerAlert: false,
        extensions: [],
      },
      udp: { sourcePort: 1, destinationPort: 2, length: 9, payload: Uint8Array.of(7) },
      checksums: { ipv4: 'good', transport: 'good' },
    });
  });

  test('looks at nothing beyond the captured length', () => {
    for (const { data, linkType, wireLength, name } of cutCorpus()) {
      const within = (filler: number) => {
        const buffer = new Uint8Array(data.length + 64).fill(filler);
        buffer.set(data);
        return decode(buffer, linkType, { capturedLength: data.length, wireLength, checksums: true });
      };
      expect(within(0), name).toEqual(within(0xff));
    }
  });

  test('says where a packet was cut, and where it contradicts itself', () => {
    const ip = ipv4(MEDIA, 17, udp(MEDIA, 1, 2, new Uint8Array(10)), { options: Uint8Array.of(148, 4, 0, 0) });
    const problem = (packet: Uint8Array, wireLength = packet.length) => decode(packet, RAW, { wireLength }).problem;
    expect(problem(ip)).toBeUndefined();
    expect(problem(ip.subarray(0, 10), ip.length)).toEqual({ kind: 'truncated', layer: 'ipv4', offset: 0 });
    expect(problem(ip.subarray(0, 22), ip.length)).toEqual({ kind: 'truncated', layer: 'ipv4', offset: 0 });
    expect(problem(ip.subarray(0, 30), ip.length)).toEqual({ kind: 'truncated', layer: 'udp', offset: 24 });
    expect(problem(ip.subarray(0, 33), ip.length)).toBeUndefined();
    expect(problem(ip.subarray(0, 33))).toEqual({ kind: 'malformed', layer: 'ipv4', offset: 0 });
    expect(problem(patch16(ip, 2, 19))).toEqual({ kind: 'malformed', layer: 'ipv4', offset: 0 });
    expect(problem(patch16(ip, 28, 100))).toEqual({ kind: 'malformed', layer: 'udp', offset: 24 });
    expect(problem(Uint8Array.of(0x44, ...ip.subarray(1)))).toEqual({ kind: 'malformed', layer: 'ipv4', offset: 0 });
    expect(problem(Uint8Array.of(0x95))).toEqual({ kind: 'malformed', layer: 'link', offset: 0 });
    const igmpv3 = ipv4(MEDIA, 2, igmp(0x22, 0, bytes(be16(0), be16(1), be32(0x04000001), address('239.1.1.1'))));
    expect(problem(igmpv3)).toEqual({ kind: 'malformed', layer: 'igmp', offset: 20 });
    expect(decode(igmpv3, RAW).membership?.records).toEqual([{ record: 'to-ex', group: '239.1.1.1', sources: [] }]);
  });

  test('knows packets of segmentation offload and jumbograms, whose length fields are 0', () => {
    const datagram = udp(MEDIA, 1, 2, new Uint8Array(100));
    expect(decode(patch16(ipv4(MEDIA, 17, datagram), 2, 0), RAW)).toMatchObject({
      ip: { length: 128 },
      udp: { length: 108 },
    });
    const payload = new Uint8Array(70_000);
    const long = bytes(be16(1), be16(2), be16(0), be16(0), payload);
    const jumbo = ipv6(MEDIA6, 17, long, { extensions: [{ kind: 0, rest: bytes(0, 0xc2, 4, be32(long.length + 8)) }] });
    const decoded = decode(patch16(jumbo, 4, 0), RAW);
    expect(decoded).toMatchObject({ ip: { length: 40 + 8 + 70_008 }, udp: { length: 0 } });
    expect([decoded.udp?.payload.length, decoded.problem]).toEqual([70_000, undefined]);
  });

  test('follows an authentication header in IPv4 too', () => {
    const authenticated = bytes(
      17,
      4,
      be16(0),
      be32(1),
      be32(2),
      new Uint8Array(12),
      udp(MEDIA, 5, 6, new Uint8Array(1)),
    );
    expect(decode(ipv4(MEDIA, 51, authenticated), RAW)).toMatchObject({
      ip: { protocol: 17, extensions: [51] },
      udp: { sourcePort: 5 },
    });
  });

  test('knows the protocol of every tag, also where the cooked header begins with it', () => {
    const tags = [
      { protocol: 0x88a8, control: 1 },
      { protocol: 0x8100, control: 2 },
    ];
    const ip = ipv4(MEDIA, 17, udp(MEDIA, 1, 2, new Uint8Array(1)));
    const protocols = (packet: Uint8Array, linkType: number) =>
      decode(packet, linkType).link.vlans.map(({ protocol }) => protocol);
    expect(protocols(sll2(2, 7, '02:42:0a:00:00:05', tags, 0x0800, ip), 276)).toEqual([0x88a8, 0x8100]);
    expect(protocols(sll(2, '02:42:0a:00:00:05', tags, 0x0800, ip), 113)).toEqual([0x88a8, 0x8100]);
  });

  test('takes no EtherType from cooked netlink packets', () => {
    const netlink = sll(4, '02:42:0a:00:00:05', [], 0x0800, ipv4(MEDIA, 17, udp(MEDIA, 1, 2, new Uint8Array(1))));
    expect(decode(patch16(netlink, 2, 824), 113).ip).toBeUndefined();
  });

  test('knows IPv6 in loopback captures by the address family of every system', () => {
    const ip = ipv6(MEDIA6, 17, udp(MEDIA6, 1, 2, new Uint8Array(1)));
    for (const family of [10, 23, 24, 28, 30]) expect(decode(bytes(family, 0, 0, 0, ip), 0).udp?.sourcePort).toBe(1);
    expect(decode(bytes(9, 0, 0, 0, ip), 0).ip).toBeUndefined();
  });

  test('is blank for link types that it does not know', () => {
    expect(decode(new Uint8Array(100), 127)).toEqual({ link: { vlans: [] } });
  });

  test('refuses queries of lengths that no version has', () => {
    const query = (body: Uint8Array) => decode(ipv4(MEDIA, 2, igmp(0x11, 100, body)), RAW);
    expect(query(bytes(be32(0), 0, 0)).problem).toEqual({ kind: 'malformed', layer: 'igmp', offset: 20 });
    expect(query(bytes(be32(0), 2, 125, be16(0)))).not.toHaveProperty('problem');
  });

  test('names the other types that multicast routers speak', () => {
    const type = (value: number) => decode(ipv4(MEDIA, 2, igmp(value, 0, be32(0))), RAW).membership?.type;
    expect([0x13, 0x14, 0x30, 0x40].map(type)).toEqual(['dvmrp', 'pimv1', 'mrd-advertisement', 'igmp-0x40']);
  });

  test('finds every changed payload of the corpus by its checksum', () => {
    for (const { data, linkType, name } of corpus()) {
      const { udp: datagram, checksums } = decode(data, linkType, { checksums: true });
      if (checksums?.transport !== 'good' || !datagram?.payload.length) continue;
      const changed = Uint8Array.from(data);
      const at = datagram.payload.byteOffset - data.byteOffset;
      changed[at] = changed[at]! ^ 0x10;
      expect(decode(changed, linkType, { checksums: true }).checksums?.transport, name).toBe('bad');
    }
  });
});
