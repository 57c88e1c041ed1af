import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptureRecord, OUTBOUND } from '../../src/capture/capture-record.ts';
import { readMembership } from '../../src/capture/decode/decode.ts';
import { decodeInto } from '../../src/capture/decode/fast.ts';
import { Packet } from '../../src/capture/decode/packet.ts';
import { pcapFilter } from '../../src/capture/pcap-filter.ts';
import { PcapngFile } from '../../src/capture/pcapng-file.ts';
import { CaptureReader } from '../../src/capture/reader.ts';
import { type GroupQuery, parseGroupQuery } from '../../src/discover/group-query.ts';
import { matcherOf } from '../../src/discover/matcher.ts';
import { requireTool } from '../helpers/tools.ts';
import { corpus } from './corpus.ts';
import { tsharkFields } from './tshark.ts';

interface Kept {
  readonly name: string;
  readonly data: string;
  readonly wireLength: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly linkType: number;
  readonly direction: number;
}

function written(packets: readonly Kept[]): Buffer {
  const pieces: Buffer[] = [];
  const file = new PcapngFile((bytes) => {
    pieces.push(Buffer.from(bytes));
  });
  for (const [i, { name, data, ...rest }] of packets.entries()) {
    const bytes = Buffer.from(`ee${data}ee`, 'hex');
    file.add(name, Object.assign(new CaptureRecord(), rest, { bytes, start: 1, end: bytes.length - 1 }));
    if (i % 3 === 0) void file.flush();
  }
  void file.flush();
  const all = Buffer.concat(pieces);
  expect(file.bytes).toBe(all.length);
  return all;
}

function read(file: Uint8Array): Kept[] {
  const packets: Kept[] = [];
  const reader = new CaptureReader((r) => {
    const { wireLength, seconds, nanoseconds, linkType, direction, interfaceName: name } = r;
    const data = Buffer.from(r.bytes.subarray(r.start, r.end)).toString('hex');
    packets.push({ name, data, wireLength, seconds, nanoseconds, linkType, direction });
  });
  reader.push(file);
  expect(reader.end().problem).toBeUndefined();
  return packets;
}

describe('a pcapng file', () => {
  it('is read as it was written', () => {
    const packet = fc.record({
      name: fc.constantFrom('eth0', 'node1:eth1', 'übertragung'),
      data: fc.uint8Array({ maxLength: 70 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      wireLength: fc.integer({ min: 0, max: 0xffffffff }),
      seconds: fc.integer({ min: 0, max: 0xffffffff }),
      nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
      linkType: fc.constantFrom(1, 101, 276),
      direction: fc.constantFrom(0, 1, 2),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 20 }), (packets) => {
        expect(read(written(packets))).toEqual(packets);
      }),
    );
  });

  it('holds what is larger than its buffer', () => {
    const packets = Array.from({ length: 30 }, (_, i) => ({
      name: 'eth0',
      data: Buffer.alloc(200_000, i).toString('hex'),
      wireLength: 200_000,
      seconds: 1_700_000_000,
      nanoseconds: i,
      linkType: 1,
      direction: OUTBOUND,
    }));
    expect(read(written(packets)).map(({ nanoseconds }) => nanoseconds)).toEqual(packets.map((_, i) => i));
  });

  it('is what tshark reads, with names, times and directions', () => {
    const base = {
      data: '00'.repeat(60),
      wireLength: 99,
      seconds: 1_700_000_000,
      nanoseconds: 123_456_789,
      linkType: 1,
    };
    const file = written([
      { ...base, name: 'eth0', direction: 1 },
      { ...base, name: 'eth1', direction: 2 },
    ]);
    const names = ['frame.interface_name', 'frame.time_epoch', 'frame.len', 'frame.packet_flags_direction'] as const;
    const fields = tsharkFields(file, names);
    expect(fields.map((f) => f['frame.interface_name'])).toEqual([['eth0'], ['eth1']]);
    expect(fields[0]!['frame.time_epoch'][0]).toMatch(/123456789|14T22:13:20\.123456789/);
    expect(fields.map((f) => f['frame.len'])).toEqual([['99'], ['99']]);
    expect(fields.map((f) => Number(f['frame.packet_flags_direction'][0]))).toEqual([1, 2]);
  });
});

describe("libpcap's filter", () => {
  const samples = corpus().filter(({ linkType, name }) => linkType === 1 && !/vlan|802\.1|tag/i.test(name));
  const packet = new Packet();
  const wanted = (queries: readonly GroupQuery[]) =>
    samples.filter(({ data, wireLength }) => {
      decodeInto(packet, data, 0, data.length, wireLength, 1);
      const isMembership =
        readMembership(packet, data) !== undefined && (packet.family === 4 || isUsualMld(data, packet.ip));
      return packet.tags === 0 && (matcherOf(queries)(packet, data) || isMembership);
    });
  /** Behind a hop-by-hop header of 8 bytes and no other: what RFC 3810 §5 asks for, and all hosts send. */
  const isUsualMld = (data: Uint8Array, ip: number) =>
    data[ip + 6] === 0 && data[ip + 40] === 58 && data[ip + 41] === 0;
  it.each([[[]], [['239.1.2.0/24']], [['ff15::/16']], [['10.0.0.5@239.1.2.3', 'ff15::1']]])(
    'passes what %j asks for, and memberships',
    (texts: readonly string[]) => {
      const queries = texts.map((text) => parseGroupQuery(text) as GroupQuery);
      const all = samples.map(({ data, wireLength }) => ({
        name: 'eth0',
        data: Buffer.from(data).toString('hex'),
        wireLength,
        seconds: 1,
        nanoseconds: 0,
        linkType: 1,
        direction: 0,
      }));
      const argv = ['-r', '-', '-w', '-', pcapFilter(queries)];
      const passed = execFileSync(requireTool('tcpdump'), argv, {
        input: written(all),
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const kept = new Set(read(passed).map(({ data }) => data));
      const expected = wanted(queries).map(({ data }) => Buffer.from(data).toString('hex'));
      expect(expected.length).toBeGreaterThan(texts.length === 0 ? 10 : 0);
      expect(expected.filter((data) => !kept.has(data))).toEqual([]);
      if (texts.length > 0) expect(kept.size).toBeLessThan(samples.length);
    },
  );
});
