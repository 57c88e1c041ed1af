/** A datagram of each protocol that discovery knows, as its specification lays it out. */
import { address, be16, be32, bytes } from '../capture/build.ts';

export interface ProtocolSample {
  readonly kind: string;
  /** tshark's name for it, where tshark knows the protocol by itself. */
  readonly tshark?: string;
  readonly group: string;
  readonly port: number;
  readonly sourcePort?: number;
  readonly payload: Uint8Array;
}

const text = (value: string) => Buffer.from(value, 'latin1');
const name = (...labels: string[]) => bytes(...labels.flatMap((label) => [label.length, text(label)]), 0);
const query = (...labels: string[]) =>
  bytes(be16(0), be16(0), be16(1), be16(0), be16(0), be16(0), name(...labels), be16(12), be16(1));

const PTP_SYNC = bytes(
  0x00,
  0x02,
  be16(44),
  0,
  0,
  be16(0),
  be32(0),
  be32(0),
  be32(0),
  new Uint8Array(10),
  be16(7),
  0,
  0,
  new Uint8Array(10),
);
const SOAP =
  '<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>';
const SDP =
  'v=0\r\no=- 1 1 IN IP4 10.0.0.5\r\ns=stream\r\nc=IN IP4 239.1.2.3/16\r\nt=0 0\r\nm=video 5004 RTP/AVP 33\r\n';

/** Root layer and framing of E1.31, with 10 slots. */
// biome-ignore format: layers
const SACN = bytes(
  be16(0x10), be16(0), text('ASC-E1.17\0\0\0'), be16(0x7000 | 120), be32(4), new Uint8Array(16),
  be16(0x7000 | 98), be32(2), new Uint8Array(64), 100, be16(0), 1, 0, be16(1),
  be16(0x7000 | 21), 2, 0xa1, be16(0), be16(1), be16(11), new Uint8Array(11),
);

export const SAMPLES: readonly ProtocolSample[] = [
  {
    kind: 'mdns',
    tshark: 'MDNS',
    group: '224.0.0.251',
    port: 5353,
    sourcePort: 5353,
    payload: query('_http', '_tcp', 'local'),
  },
  { kind: 'llmnr', tshark: 'LLMNR', group: '224.0.0.252', port: 5355, payload: query('printer') },
  {
    kind: 'ssdp',
    tshark: 'SSDP',
    group: '239.255.255.250',
    port: 1900,
    payload: text(
      'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n',
    ),
  },
  { kind: 'ws-discovery', group: '239.255.255.250', port: 3702, payload: text(SOAP) },
  {
    kind: 'rtps',
    tshark: 'RTPS',
    group: '239.255.0.1',
    port: 7400,
    payload: bytes(text('RTPS'), 2, 3, 1, 15, new Uint8Array(12), 0x09, 1, 8, 0, be32(0), be32(0)),
  },
  {
    kind: 'sap',
    tshark: 'SAP/SDP',
    group: '224.2.127.254',
    port: 9875,
    payload: bytes(0x20, 0, be16(1), address('10.0.0.5'), text(`application/sdp\0${SDP}`)),
  },
  {
    kind: 'ntp',
    tshark: 'NTP',
    group: '224.0.1.1',
    port: 123,
    sourcePort: 123,
    payload: bytes(0x25, 2, 6, 0xec, new Uint8Array(44)),
  },
  { kind: 'ptp', tshark: 'PTPv2', group: '224.0.1.129', port: 319, sourcePort: 319, payload: PTP_SYNC },
  {
    kind: 'jgroups',
    group: '228.8.8.8',
    port: 45_588,
    payload: bytes(be16((5 << 11) | (2 << 6) | 3), 2, new Uint8Array(60)),
  },
  { kind: 'hazelcast', group: '224.2.2.3', port: 54_327, payload: bytes(1, new Uint8Array(30)) },
  {
    kind: 'rtcp',
    group: '239.1.2.3',
    port: 5005,
    payload: bytes(0x80, 200, be16(6), be32(0x1234), new Uint8Array(20)),
  },
  { kind: 'sacn', group: '239.255.0.1', port: 5568, payload: SACN },
  {
    kind: 'art-net',
    tshark: 'ARTNET',
    group: '239.1.1.1',
    port: 6454,
    payload: bytes(text('Art-Net\0'), 0x00, 0x20, 0, 14, 0, 0),
  },
  {
    kind: 'rip',
    tshark: 'RIPv2',
    group: '224.0.0.9',
    port: 520,
    sourcePort: 520,
    payload: bytes(2, 2, be16(0), be16(2), be16(0), address('10.1.0.0'), address('255.255.0.0'), be32(0), be32(1)),
  },
  {
    kind: 'hsrp',
    tshark: 'HSRP',
    group: '224.0.0.2',
    port: 1985,
    sourcePort: 1985,
    payload: bytes(0, 0, 16, 3, 10, 100, 1, 0, text('cisco\0\0\0'), address('10.0.0.1')),
  },
  {
    kind: 'dhcpv6',
    tshark: 'DHCPv6',
    group: 'ff02::1:2',
    port: 547,
    sourcePort: 546,
    payload: bytes(1, 0, 0, 7, be16(8), be16(2), be16(0)),
  },
  { kind: 'plain', group: '239.1.2.3', port: 5007, payload: text('temperature=21.5\n') },
];
