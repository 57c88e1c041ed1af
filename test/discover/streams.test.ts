import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { u32 } from '../../src/capture/decode/bytes.ts';
import { decodeInto } from '../../src/capture/decode/fast.ts';
import { RAW } from '../../src/capture/decode/link-types.ts';
import { Packet } from '../../src/capture/decode/packet.ts';
import { PcapWriter } from '../../src/capture/pcap-writer.ts';
import type { OwnDatagrams } from '../../src/discover/own-datagrams.ts';
import type { Stream } from '../../src/discover/stream-tracker.ts';
import { Streams } from '../../src/discover/streams.ts';
import { be16, be32, bytes, ipv4, ipv6, udp } from '../capture/build.ts';
import { asPcapng, tsharkFields } from '../capture/tshark.ts';
import { randomNumbers } from '../helpers/random.ts';
import { requireTool } from '../helpers/tools.ts';
import { SAMPLES } from './samples.ts';

interface Way {
  readonly group?: string;
  readonly port?: number;
  readonly sourcePort?: number;
}

function packetOf(
  payload: Uint8Array,
  { group = '239.1.2.3', port = 5004, sourcePort = 40_000 }: Way = {},
): Uint8Array {
  const ends = { source: group.includes(':') ? 'fe80::5' : '10.0.0.5', destination: group };
  return (ends.source.includes(':') ? ipv6 : ipv4)(ends, 17, udp(ends, sourcePort, port, payload));
}

/** What a stream of these payloads is; `captured` is the capture's snap length. */
function streamOf(
  payloads: readonly Uint8Array[],
  way: Way = {},
  own?: OwnDatagrams,
  captured = 65_535,
): Stream | undefined {
  const streams = new Streams(own);
  const packet = new Packet();
  payloads.forEach((payload, i) => {
    const data = packetOf(payload, way);
    decodeInto(packet, data, 0, Math.min(data.length, captured), data.length, RAW);
    streams.observe(3, i === 0, packet, data);
  });
  return streams.stream(3);
}

const rtp = (sequence: number, payload: Uint8Array, type = 96, ssrc = 0xcafe0001) =>
  bytes(0x80, type, be16(sequence & 0xffff), be32(sequence * 3000), be32(ssrc), payload);
const OPAQUE = Uint8Array.from({ length: 500 }, (_, i) => (i * 89) & 0xff);

describe('kinds of streams', () => {
  test.each(SAMPLES)('$kind', ({ kind, payload, ...way }) => {
    const stream = streamOf(Array(3).fill(payload), way);
    expect(stream?.kind).toBe(kind);
    expect(stream?.confidence).toBeGreaterThanOrEqual(0.6);
    expect(stream).not.toHaveProperty('continuity');
  });

  test('are what tshark takes the same datagrams for', () => {
    const known = SAMPLES.filter(({ tshark }) => tshark !== undefined);
    const file = asPcapng(
      known.map(({ payload, kind, ...way }) => {
        const data = packetOf(payload, way);
        return { name: kind, linkType: RAW, data, wireLength: data.length };
      }),
    );
    const theirs = tsharkFields(file, ['_ws.col.Protocol']).map((packet) => packet['_ws.col.Protocol'][0]);
    expect(theirs).toEqual(known.map(({ tshark }) => tshark));
  });

  test('stay plain for noise on no known port', () => {
    const random = randomNumbers(3);
    for (let run = 0; run < 300; run++) {
      const noise = Array.from({ length: 20 }, () =>
        Uint8Array.from({ length: 20 + (random() % 1400) }, () => random()),
      );
      expect(streamOf(noise, { port: 20_000 })).toMatchObject({ kind: 'plain' });
    }
  });

  test('are forgotten when the slot changes hands', () => {
    const streams = new Streams();
    const packet = new Packet();
    for (const [payload, fresh] of [
      [rtp(1, OPAQUE), true],
      [Buffer.from('hello'), true],
    ] as const) {
      const data = packetOf(payload);
      decodeInto(packet, data, 0, data.length, data.length, RAW);
      streams.observe(0, fresh, packet, data);
    }
    expect(streams.stream(0)).toMatchObject({ kind: 'plain', confidence: 1 });
    expect(streams.stream(1)).toBeUndefined();
  });
});

describe('RTP', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => 65_400 + i);

  test('tells loss, order and duplicates, through the wrap', () => {
    const sequences = numbers(400);
    const [late] = sequences.splice(200, 1);
    sequences.splice(203, 0, late!);
    sequences.splice(50, 1);
    sequences.splice(300, 3);
    sequences.splice(10, 0, sequences[9]!);
    const stream = streamOf(sequences.map((sequence) => rtp(sequence, OPAQUE)));
    expect(stream).toEqual({
      kind: 'rtp',
      confidence: 0.98,
      ssrcs: [0xcafe0001],
      continuity: [{ of: 'rtp', received: 396, lost: 4, gaps: 3, reordered: 1, duplicates: 1, restarts: 0 }],
    });
  });

  test('tells as much loss as tshark', () => {
    const random = randomNumbers(11);
    const kept = Array.from({ length: 3000 }, (_, i) => 64_000 + i).filter(
      (_, i) => i === 0 || i === 2999 || random() % 20 !== 0,
    );
    const folder = mkdtempSync(join(tmpdir(), 'kmcast-rtp-'));
    try {
      const writer = new PcapWriter({ linkType: RAW });
      const records = kept.map((sequence, i) =>
        writer.record(packetOf(rtp(sequence, OPAQUE)), { seconds: i, nanoseconds: 0 }),
      );
      writeFileSync(join(folder, 'rtp.pcap'), Buffer.concat([writer.header(), ...records]));
      const argv = ['-n', '-r', join(folder, 'rtp.pcap'), '-d', 'udp.port==5004,rtp', '-q', '-z', 'rtp,streams'];
      const table = execFileSync(requireTool('tshark'), argv, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [, packets, lost] = /0xCAFE0001\s+\S+\s+(\d+)\s+(-?\d+)/i.exec(table) ?? [];
      const told = streamOf(kept.map((sequence) => rtp(sequence, OPAQUE)))?.continuity?.[0];
      expect({ packets, lost }).toEqual({ packets: String(told?.received), lost: String(told?.lost) });
      expect(told?.lost).toBe(3000 - kept.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('is known by its numbers where only headers were captured', () => {
    const stream = streamOf(
      numbers(20).map((sequence) => rtp(sequence, OPAQUE)),
      {},
      undefined,
      64,
    );
    expect(stream).toMatchObject({ kind: 'rtp', continuity: [{ received: 20, lost: 0 }] });
  });

  test('is not what carries a type of RTCP', () => {
    const packets = numbers(20).map((sequence) => rtp(sequence, OPAQUE, 72));
    expect(streamOf(packets)?.kind).toBe('plain');
  });

  test('of several synchronisation sources is not loss', () => {
    const mixed = Array.from({ length: 40 }, (_, i) =>
      rtp(i % 2 ? 100 + i / 2 : 40_000 + i / 2, OPAQUE, 96, i % 2 ? 7 : 8),
    );
    expect(streamOf(mixed)).toMatchObject({
      kind: 'rtp',
      ssrcs: [7, 8],
      continuity: [{ received: 40, lost: 0, gaps: 0 }],
    });
  });
});

/** Seven packets of PID 256 (and one null packet) a datagram, counters running on. */
function tsPayload(datagram: number, length = 188): Uint8Array {
  const packets = Array.from({ length: 7 }, (_, i) => {
    const filling = Uint8Array.from({ length: length - 4 }, (_, at) => (datagram * 31 + i * 7 + at) & 0xff);
    return bytes(0x47, be16(256), 0x10 | ((datagram * 7 + i) & 15), filling);
  });
  return bytes(...packets, 0x47, be16(0x1fff), 0x10, new Uint8Array(length - 4));
}

describe('MPEG transport streams', () => {
  const clean = { of: 'mpeg-ts', lost: 0, gaps: 0, reordered: 0, duplicates: 0, restarts: 0 };

  test.each([188, 204])('of packets of %i bytes tell loss by their counters', (length) => {
    const datagrams = Array.from({ length: 50 }, (_, i) => tsPayload(i, length)).filter((_, i) => i !== 20);
    const expected = { ...clean, received: 49 * 8, lost: 7, gaps: 1 };
    expect(streamOf(datagrams)).toEqual({ kind: 'mpeg-ts', confidence: 0.98, continuity: [expected] });
  });

  test('do not take a repeated datagram for loss', () => {
    const datagrams = Array.from({ length: 30 }, (_, i) => tsPayload(i)).flatMap((payload, i) =>
      i === 12 ? [payload, payload] : [payload],
    );
    expect(streamOf(datagrams)?.continuity).toEqual([{ ...clean, received: 31 * 8, duplicates: 8 }]);
  });

  test('inside RTP tell only the loss that happened before', () => {
    const damaged = (i: number) => (i < 30 ? tsPayload(i) : tsPayload(i + 1));
    const datagrams = Array.from({ length: 60 }, (_, i) => rtp(i, damaged(i), 33)).filter((_, i) => i !== 10);
    const stream = streamOf(datagrams);
    expect(stream).toMatchObject({ kind: 'rtp', carries: 'mpeg-ts', confidence: 0.98 });
    expect(stream?.continuity).toEqual([
      { of: 'rtp', received: 59, lost: 1, gaps: 1, reordered: 0, duplicates: 0, restarts: 0 },
      { ...clean, received: 59 * 8, lost: 7, gaps: 1 },
    ]);
  });

  test('may repeat a packet once, stand still without payload, and jump where they announce it', () => {
    const packet = (control: number, adaptation: readonly number[] = []) =>
      bytes(0x47, be16(256), control, ...adaptation, new Uint8Array(184 - adaptation.length).fill(control));
    const one = (...packets: Uint8Array[]) => streamOf([bytes(...packets)])?.continuity;
    expect(one(packet(0x13), packet(0x13), packet(0x14))).toEqual([{ ...clean, received: 3, duplicates: 1 }]);
    expect(one(packet(0x13), packet(0x23, [183, 0]), packet(0x14))).toEqual([{ ...clean, received: 3 }]);
    expect(one(packet(0x13), packet(0x39, [1, 0x80]), packet(0x1a))).toEqual([{ ...clean, received: 3, restarts: 1 }]);
    expect(one(packet(0x13), packet(0x13), packet(0x13))).toMatchObject([{ gaps: 1 }]);
  });

  test('are known, but not followed, where datagrams were cut', () => {
    const datagrams = Array.from({ length: 10 }, (_, i) => tsPayload(i * 2));
    expect(streamOf(datagrams, {}, undefined, 300)).toMatchObject({
      kind: 'mpeg-ts',
      continuity: [{ received: 0, lost: 0 }],
    });
  });
});

test("kmcast's own datagrams are known through the seam, and numbered by sender", () => {
  const own: OwnDatagrams = {
    matches: (d) => d.end - d.start >= 12 && u32(d.bytes, d.start) === 0x6b6d6361,
    sender: (d) => String(u32(d.bytes, d.start + 4)),
    sequence: (d) => u32(d.bytes, d.start + 8),
  };
  const datagram = (sender: number, sequence: number) => bytes(be32(0x6b6d6361), be32(sender), be32(sequence));
  const datagrams = [1, 2, 3, 5, 6].flatMap((sequence) => [datagram(1, sequence), datagram(2, 0xfffffff0 + sequence)]);
  expect(streamOf(datagrams, {}, own)).toEqual({
    kind: 'kmcast',
    confidence: 1,
    continuity: [{ of: 'kmcast', received: 10, lost: 2, gaps: 2, reordered: 0, duplicates: 0, restarts: 0 }],
  });
});
