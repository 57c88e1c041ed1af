import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decode } from '../../src/capture/decode/decode.ts';
import { CaptureReader } from '../../src/capture/reader.ts';
import { ourOpinion, TSHARK_FIELDS, tsharkOpinion } from './opinions.ts';
import { tsharkFields } from './tshark.ts';

/**
 * Linux 6 joining 239.1.2.3, 10.0.0.5@232.1.1.1 and ff15::1 on net1, sending 5 and 3000 bytes to the first group, leaving;
 * captured by `tcpdump -i any -s 192` on both ends of a veth pair.
 */
const FILE = readFileSync(new URL('fixtures/linux-join-sll2.pcap', import.meta.url));
const OUTGOING = 4;

function packets() {
  const decoded: { packet: ReturnType<typeof decode>; isCut: boolean }[] = [];
  const reader = new CaptureReader(({ bytes, start, end, wireLength, linkType }) => {
    const packet = decode(Uint8Array.from(bytes.subarray(start, end)), linkType, { wireLength, checksums: true });
    decoded.push({ packet, isCut: end - start < wireLength });
  });
  reader.push(FILE);
  expect(reader.end().problem).toBeUndefined();
  return decoded;
}

test('a real capture is understood: joins, datagram, fragments, leaves', () => {
  const sent = packets().filter(
    ({ packet }) => packet.link.packetType === OUTGOING && packet.ip?.destination !== 'ff02::2',
  );
  const story = sent.map(({ packet: { ip, udp, membership } }) => {
    const records = membership?.records
      ?.map(({ record, group, sources }) => `${record} ${[...sources, group].join('@')}`)
      .join(', ');
    const fragment = ip?.fragment === undefined ? '' : ` fragment ${ip.fragment.offset}`;
    return `${records ?? `udp ${udp?.destinationPort ?? ''}`}${fragment} ttl ${ip?.ttl}${ip?.routerAlert ? ' alert' : ''}`;
  });
  expect(story).toEqual([
    'allow 10.0.0.5@232.1.1.1, to-ex 239.1.2.3 ttl 1 alert',
    'to-ex ff15::1 ttl 1 alert',
    'udp 5007 ttl 5',
    'udp 5007 fragment 0 ttl 5',
    'udp  fragment 1480 ttl 5',
    'udp  fragment 2960 ttl 5',
    'block 10.0.0.5@232.1.1.1, to-in 239.1.2.3 ttl 1 alert',
    'to-in ff15::1 ttl 1 alert',
    'to-in ff15::1 ttl 1 alert',
  ]);
});

test('a real capture is understood as tshark does', () => {
  const theirs = tsharkFields(FILE, TSHARK_FIELDS).map(tsharkOpinion);
  const ours = packets();
  expect(ours).toHaveLength(theirs.length);
  ours.forEach(({ packet, isCut }, i) => {
    // What covers the bytes that were cut off is said in different ways.
    const { 'checksum.transport': _ours, ...mine } = ourOpinion(packet);
    const { 'checksum.transport': _tshark, ...other } = theirs[i]!;
    expect(isCut ? mine : ourOpinion(packet)).toEqual(isCut ? other : theirs[i]);
  });
});
