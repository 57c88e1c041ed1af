import { expect, test } from 'vitest';
import { decodeInto } from '../../src/capture/decode/fast.ts';
import { RAW } from '../../src/capture/decode/link-types.ts';
import { Packet } from '../../src/capture/decode/packet.ts';
import { SourceTable } from '../../src/discover/sources.ts';
import { Streams } from '../../src/discover/streams.ts';
import { bytes, ipv4, udp } from '../capture/build.ts';
import { randomNumbers } from '../helpers/random.ts';
import { SAMPLES } from './samples.ts';

test('mutated streams of every kind are counted without a throw', { timeout: 60_000 }, () => {
  const random = randomNumbers(12);
  const table = new SourceTable({ limit: 64, seed: 3 });
  const streams = new Streams();
  const packet = new Packet();
  const ts = bytes(...Array<Uint8Array>(3).fill(bytes(0x47, 1, 0, 0x30, new Uint8Array(184))));
  const payloads = [...SAMPLES.map(({ payload }) => payload), ts, bytes(0x90, 33, new Uint8Array(14), ts)];
  const ends = { source: '10.0.0.5', destination: '239.1.2.3' };
  const templates = payloads.flatMap((payload) =>
    [5353, 123, 5004].map((port) => ipv4(ends, 17, udp(ends, port, port, payload))),
  );
  for (let i = 0; i < 300_000; i++) {
    const template = templates[random() % templates.length]!;
    const data = Uint8Array.from(template);
    for (let changes = random() % 4; changes > 0; changes--) data[12 + (random() % (data.length - 12))] = random();
    const captured = random() % 4 === 0 ? random() % (data.length + 1) : data.length;
    decodeInto(packet, data, 0, captured, data.length, RAW);
    streams.observe(table.count(packet, data, 1, i), table.fresh, packet, data);
  }
  const kinds = new Set(table.rows().map(({ slot }) => streams.stream(slot)?.kind));
  expect(kinds.size).toBeGreaterThan(3);
  for (const { slot } of table.rows())
    for (const { lost } of streams.stream(slot)?.continuity ?? []) expect(lost).toBeGreaterThanOrEqual(0);
});
