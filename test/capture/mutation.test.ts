import { describe, expect, test } from 'vitest';
import { decode } from '../../src/capture/decode/decode.ts';
import { decodeInto } from '../../src/capture/decode/fast.ts';
import { Packet } from '../../src/capture/decode/packet.ts';
import { PcapWriter } from '../../src/capture/pcap-writer.ts';
import { CaptureReader } from '../../src/capture/reader.ts';
import { randomNumbers } from '../helpers/random.ts';
import { corpus } from './corpus.ts';
import { asPcapng } from './tshark.ts';

const LINK_TYPES = [0, 1, 12, 14, 101, 108, 113, 228, 229, 276, 127];

/** Changes up to three bytes, mostly in the headers. */
function mutate(data: Uint8Array, length: number, random: () => number): void {
  for (let changes = random() % 4; changes > 0 && length > 0; changes--)
    data[random() % Math.min(length, 120)] = random();
}

describe('mutated packets', () => {
  test('1,000,000 are decoded without a throw, every offset within what was captured', { timeout: 120_000 }, () => {
    const random = randomNumbers(20_251_121);
    const samples = corpus();
    const buffer = new Uint8Array(4096);
    const packet = new Packet();
    let outside = 0;
    const seen = { families: new Set<number>(), problems: new Set<number>(), layers: new Set<number>() };
    for (let i = 0; i < 1_000_000; i++) {
      const { data, linkType } = samples[random() % samples.length]!;
      const start = random() % 16;
      buffer.set(data, start);
      const length = random() % 4 === 0 ? random() % (data.length + 1) : data.length;
      mutate(buffer.subarray(start), length, random);
      const type = random() % 16 === 0 ? LINK_TYPES[random() % LINK_TYPES.length]! : linkType;
      const wireLength = random() % 2 === 0 ? data.length : length;

      decodeInto(packet, buffer, start, start + length, wireLength, type);
      if (!isWithin(packet)) outside++;
      seen.families.add(packet.family);
      seen.problems.add(packet.problem);
      seen.layers.add(packet.problemLayer);
      if (i % 8 === 0) decode(buffer.subarray(start, start + length), type, { wireLength, checksums: true });
    }
    expect(outside).toBe(0);
    expect([...seen.families].sort()).toEqual([0, 4, 6]);
    expect([...seen.problems].sort()).toEqual([0, 1, 2]);
    expect([...seen.layers].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

function isWithin(packet: Packet): boolean {
  const { start, end } = packet;
  const fits = (at: number, length: number) => at === -1 || (at >= start && at + length <= end);
  const address = packet.family === 4 ? 4 : 16;
  return (
    fits(packet.sourceMac, 6) &&
    fits(packet.destinationMac, 6) &&
    fits(packet.tag, packet.tags * 4) &&
    fits(packet.source, address) &&
    fits(packet.destination, address) &&
    fits(packet.transport, 0) &&
    (packet.payload === -1 ||
      (packet.payload >= start && packet.payloadEnd >= packet.payload && packet.payloadEnd <= end)) &&
    packet.problemAt <= end
  );
}

describe('mutated capture files', () => {
  const samples = corpus().filter((_, i) => i % 199 === 0);
  const writer = new PcapWriter({ linkType: 1 });
  const pcap = Buffer.concat([
    writer.header(),
    ...samples.map(({ data }, i) => writer.record(data, { seconds: i, nanoseconds: i })),
  ]);

  test.each([
    ['pcap', pcap],
    ['pcapng', asPcapng(samples)],
  ])('%s files are read without a throw, every record within its buffer', (_, original) => {
    const random = randomNumbers(7);
    const kinds = new Set<string | undefined>();
    let outside = 0;
    for (let i = 0; i < 20_000; i++) {
      const file = Buffer.from(original.subarray(0, random() % 3 === 0 ? random() % original.length : original.length));
      for (let changes = random() % 6; changes > 0 && file.length > 0; changes--)
        file[random() % file.length] = random();
      const reader = new CaptureReader((record) => {
        if (record.start < 0 || record.start > record.end || record.end > record.bytes.length) outside++;
        if (!(record.nanoseconds >= 0 && record.nanoseconds < 1e9)) outside++;
      });
      const piece = 1 + (random() % 3000);
      for (let at = 0; at < file.length; at += piece) reader.push(file.subarray(at, at + piece));
      kinds.add(reader.end().problem?.kind);
    }
    expect(outside).toBe(0);
    expect([...kinds].map(String).sort()).toEqual(['malformed', 'truncated', 'undefined', 'unknown']);
  });
});
