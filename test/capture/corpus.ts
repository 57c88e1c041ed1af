/** A packet of every combination of layers that kmcast decodes: link layer × IP header × what it carries. */
import {
  address,
  be16,
  be32,
  bytes,
  type Ends,
  type Extension,
  ethernet,
  type Ipv4Options,
  icmpv6,
  igmp,
  ipv4,
  ipv6,
  patch16,
  record,
  sll,
  sll2,
  udp,
} from './build.ts';

/** A packet and how it was captured. */
export interface Sample {
  readonly name: string;
  readonly linkType: number;
  readonly data: Uint8Array;
  readonly wireLength: number;
}

/** All combinations, whole. */
export function corpus(): Sample[] {
  const samples: Sample[] = [];
  for (const [ipName, version, ip] of ipPackets()) {
    for (const [linkName, linkType, only, frame] of LINKS) {
      if (only !== 0 && only !== version) continue;
      const data = frame(version === 4 ? 0x0800 : 0x86dd, ip, version);
      samples.push({ name: `${linkName} / ${ipName}`, linkType, data, wireLength: data.length });
    }
  }
  return samples;
}

/** The same packets, each cut by a snap length at one place that moves from packet to packet. */
export function cutCorpus(): Sample[] {
  return corpus().map((sample, i) => {
    const length = (i * 7) % sample.data.length;
    return { ...sample, name: `${sample.name} cut at ${length}`, data: sample.data.subarray(0, length) };
  });
}

type Frame = (etherType: number, ip: Uint8Array, version: 4 | 6) => Uint8Array;

const SENDER = '02:42:0a:00:00:05';
const GROUP_MAC = '01:00:5e:01:02:03';
const Q = { protocol: 0x8100, control: 0x6064 };
const AD = { protocol: 0x88a8, control: 0xb1f4 };
const OLD = { protocol: 0x9100, control: 0x0003 };

/** Name, link type, the only IP version it carries (0: both), and how. */
const LINKS: readonly (readonly [string, number, 0 | 4 | 6, Frame])[] = [
  ['ethernet', 1, 0, (type, ip) => ethernet(GROUP_MAC, SENDER, [], type, ip)],
  ['ethernet 802.1Q', 1, 0, (type, ip) => ethernet(GROUP_MAC, SENDER, [Q], type, ip)],
  ['ethernet 802.1ad 802.1Q', 1, 0, (type, ip) => ethernet(GROUP_MAC, SENDER, [AD, Q], type, ip)],
  ['ethernet 802.1Q 802.1Q', 1, 0, (type, ip) => ethernet(GROUP_MAC, SENDER, [Q, { ...Q, control: 7 }], type, ip)],
  ['ethernet 0x9100 802.1Q', 1, 0, (type, ip) => ethernet(GROUP_MAC, SENDER, [OLD, Q], type, ip)],
  ['sll', 113, 0, (type, ip) => sll(2, SENDER, [], type, ip)],
  ['sll 802.1Q', 113, 0, (type, ip) => sll(4, SENDER, [Q], type, ip)],
  ['sll2', 276, 0, (type, ip) => sll2(2, 7, SENDER, [], type, ip)],
  ['sll2 802.1Q', 276, 0, (type, ip) => sll2(4, 70_000, SENDER, [Q], type, ip)],
  ['null little-endian', 0, 0, (_, ip, version) => bytes(version === 4 ? 2 : 30, 0, 0, 0, ip)],
  ['null big-endian', 0, 0, (_, ip, version) => bytes(be32(version === 4 ? 2 : 28), ip)],
  ['loop', 108, 0, (_, ip, version) => bytes(be32(version === 4 ? 2 : 24), ip)],
  ['raw', 101, 0, (_, ip) => ip],
  ['raw 12', 12, 0, (_, ip) => ip],
  ['ipv4', 228, 4, (_, ip) => ip],
  ['ipv6', 229, 6, (_, ip) => ip],
];

/** Everything from the IP header on: name, version, bytes. */
function ipPackets(): [string, 4 | 6, Uint8Array][] {
  const packets: [string, 4 | 6, Uint8Array][] = [];
  for (const [header, options] of IPV4_HEADERS) {
    for (const [name, protocol, ends, payload] of IPV4_PAYLOADS) {
      packets.push([`ipv4 ${header} / ${name}`, 4, ipv4(ends, protocol, payload, options)]);
    }
  }
  for (const [header, extensions] of IPV6_CHAINS) {
    for (const [name, protocol, ends, payload] of IPV6_PAYLOADS) {
      packets.push([
        `ipv6 ${header} / ${name}`,
        6,
        ipv6(ends, protocol, payload, { extensions, hopLimit: 3, trafficClass: 0xb8 }),
      ]);
    }
  }
  return packets;
}

const ROUTER_ALERT = Uint8Array.of(148, 4, 0, 0);

const IPV4_HEADERS: readonly (readonly [string, Ipv4Options])[] = [
  ['plain', { ttl: 1, identification: 0x1234 }],
  ['DF', { ttl: 64, dontFragment: true, trafficClass: 0x88 }],
  ['router alert', { ttl: 1, options: ROUTER_ALERT, trafficClass: 0xc0 }],
  ['three options', { ttl: 255, options: bytes(1, 1, 1, 1, 7, 7, 4, 0, 0, 0, 0, 0, ROUTER_ALERT) }],
  ['first fragment', { identification: 77, fragment: { offset: 0, more: true } }],
  ['middle fragment', { identification: 77, fragment: { offset: 1480, more: true } }],
  ['last fragment', { identification: 77, fragment: { offset: 40_000, more: false } }],
];

const HOPS = { kind: 0, rest: bytes(0, 5, 2, be16(0), 1, 0) };
const LONG_HOPS = { kind: 0, rest: bytes(1, 1, 4, be32(0), 5, 2, be16(0), 0, 0, 0, 0) };
const ROUTING = { kind: 43, rest: bytes(2, 2, 0, be32(0), address('2001:db8::77')) };
const OPTIONS = { kind: 60, rest: bytes(0, 1, 4, be32(0)) };
const AUTHENTICATION = { kind: 51, rest: bytes(4, be16(0), be32(99), be32(1), new Uint8Array(12)) };
const fragment = (offset: number, more: boolean): Extension => ({
  kind: 44,
  rest: bytes(0, be16(offset | (more ? 1 : 0)), be32(0xdeadbeef)),
});

const IPV6_CHAINS: readonly (readonly [string, readonly Extension[]])[] = [
  ['plain', []],
  ['hop-by-hop', [HOPS]],
  ['long hop-by-hop', [LONG_HOPS]],
  ['routing', [ROUTING]],
  ['destination options', [OPTIONS]],
  ['authentication', [AUTHENTICATION]],
  ['whole in a fragment header', [fragment(0, false)]],
  ['first fragment', [fragment(0, true)]],
  ['middle fragment', [HOPS, fragment(1448, true)]],
  ['last fragment', [fragment(2896, false)]],
  ['all', [HOPS, OPTIONS, ROUTING, fragment(0, false), AUTHENTICATION, OPTIONS]],
];

type Payload = readonly [string, number, Ends, Uint8Array];

const MEDIA = { source: '10.0.0.5', destination: '239.1.2.3' };
const REPORTS = { source: '192.168.7.20', destination: '224.0.0.22' };
const DATA = Uint8Array.from({ length: 40 }, (_, i) => 0xa0 ^ i);
const CHECKED = udp(MEDIA, 50_001, 50_002, DATA);

const SOURCES4 = ['10.0.0.5', '172.16.0.1', '192.168.255.254'];

const IPV4_PAYLOADS: readonly Payload[] = [
  ['udp', 17, MEDIA, CHECKED],
  ['udp without payload', 17, MEDIA, udp(MEDIA, 1, 65_535, new Uint8Array(0))],
  ['udp odd payload', 17, MEDIA, udp(MEDIA, 50_001, 50_002, DATA.subarray(0, 13))],
  ['udp without checksum', 17, MEDIA, patch16(CHECKED, 6, 0)],
  ['udp wrong checksum', 17, MEDIA, patch16(CHECKED, 6, 0x1111)],
  ['udp shorter than its packet', 17, MEDIA, patch16(CHECKED, 4, 20)],
  ['experimental protocol', 253, MEDIA, DATA],
  ['igmpv1 query', 2, REPORTS, igmp(0x11, 0, be32(0))],
  ['igmpv1 report', 2, REPORTS, igmp(0x12, 0, address('239.1.2.3'))],
  ['igmpv2 general query', 2, REPORTS, igmp(0x11, 100, be32(0))],
  ['igmpv2 group query', 2, REPORTS, igmp(0x11, 10, address('239.1.2.3'))],
  ['igmpv2 report', 2, REPORTS, igmp(0x16, 0, address('239.1.2.3'))],
  ['igmpv2 leave', 2, REPORTS, igmp(0x17, 0, address('239.1.2.3'))],
  ['igmp wrong checksum', 2, REPORTS, patch16(igmp(0x17, 0, address('239.1.2.3')), 2, 7)],
  ['igmpv3 general query', 2, REPORTS, igmp(0x11, 100, bytes(be32(0), 2, 125, be16(0)))],
  ['igmpv3 group query', 2, REPORTS, igmp(0x11, 10, bytes(address('239.1.2.3'), 0x0a, 125, be16(0)))],
  [
    'igmpv3 group and source query, exponential codes',
    2,
    REPORTS,
    igmp(0x11, 0x9a, bytes(address('232.1.1.1'), 0x0f, 0xff, be16(2), address('10.0.0.5'), address('10.0.0.6'))),
  ],
  ['igmpv3 report, no record', 2, REPORTS, igmp(0x22, 0, be32(0))],
  ['igmpv3 report, one record', 2, REPORTS, igmp(0x22, 0, bytes(be16(0), be16(1), record(4, '239.1.2.3', [])))],
  [
    'igmpv3 report, all records',
    2,
    REPORTS,
    igmp(
      0x22,
      0,
      bytes(
        be16(0),
        be16(6),
        ...[1, 2, 3, 4, 5, 6].map((type) =>
          record(type, `232.0.1.${type}`, SOURCES4.slice(0, type % 4), type === 3 ? 2 : 0),
        ),
      ),
    ),
  ],
];

const MEDIA6 = { source: '2001:db8:0:0:1::5', destination: 'ff3e::8000:1' };
const REPORTS6 = { source: 'fe80::42:aff:fe00:5', destination: 'ff02::16' };
const DATAGRAM6 = udp(MEDIA6, 50_001, 50_002, DATA);
const SOURCES6 = ['2001:db8::5', 'fd00:0:0:1::1', '2001:db8:1:2:3:4:5:6'];

const IPV6_PAYLOADS: readonly Payload[] = [
  ['udp', 17, MEDIA6, DATAGRAM6],
  ['udp without checksum', 17, MEDIA6, patch16(DATAGRAM6, 6, 0)],
  ['udp wrong checksum', 17, MEDIA6, patch16(DATAGRAM6, 6, 0x1111)],
  ['no next header', 59, MEDIA6, DATA],
  ['echo request', 58, MEDIA6, icmpv6(MEDIA6, 128, bytes(be32(1), DATA))],
  [
    'mldv1 general query',
    58,
    REPORTS6,
    icmpv6(REPORTS6, 130, bytes(be16(10_000), be16(0), address('0:0:0:0:0:0:0:0'))),
  ],
  ['mldv1 group query', 58, REPORTS6, icmpv6(REPORTS6, 130, bytes(be16(1000), be16(0), address('ff15::1')))],
  ['mldv1 report', 58, REPORTS6, icmpv6(REPORTS6, 131, bytes(be32(0), address('ff15::1')))],
  ['mldv1 done', 58, REPORTS6, icmpv6(REPORTS6, 132, bytes(be32(0), address('ff15::1')))],
  ['mld wrong checksum', 58, REPORTS6, patch16(icmpv6(REPORTS6, 132, bytes(be32(0), address('ff15::1'))), 2, 9)],
  [
    'mldv2 general query',
    58,
    REPORTS6,
    icmpv6(REPORTS6, 130, bytes(be32(0), address('0:0:0:0:0:0:0:0'), 2, 125, be16(0))),
  ],
  [
    'mldv2 group and source query, exponential codes',
    58,
    REPORTS6,
    icmpv6(
      REPORTS6,
      130,
      bytes(be16(0x9234), be16(0), address('ff3e::1'), 0x0a, 0x8f, be16(2), ...SOURCES6.slice(0, 2).map(address)),
    ),
  ],
  ['mldv2 report, no record', 58, REPORTS6, icmpv6(REPORTS6, 143, be32(0))],
  [
    'mldv2 report, all records',
    58,
    REPORTS6,
    icmpv6(
      REPORTS6,
      143,
      bytes(
        be16(0),
        be16(6),
        ...[1, 2, 3, 4, 5, 6].map((type) =>
          record(type, `ff3e::${type}`, SOURCES6.slice(0, type % 4), type === 3 ? 2 : 0),
        ),
      ),
    ),
  ],
];
