import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PcapWriter } from '../../src/capture/pcap-writer.ts';
import { readAll } from './reading.ts';

const packets = fc.array(
  fc.record({
    data: fc.uint8Array({ maxLength: 300 }),
    seconds: fc.integer({ min: 0, max: 0xffffffff }),
    nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
    more: fc.nat(2000),
  }),
  { maxLength: 20 },
);

function write(
  list: readonly { data: Uint8Array; seconds: number; nanoseconds: number; more: number }[],
  writer: PcapWriter,
): Uint8Array {
  const records = list.map(({ data, more, ...time }) =>
    writer.record(data, { ...time, wireLength: data.length + more }),
  );
  return Buffer.concat([writer.header(), ...records]);
}

/** The same file as a big-endian machine writes it. */
function bigEndian(file: Uint8Array): Uint8Array {
  const swapped = Buffer.from(file);
  const swap32 = (from: number, to: number) => swapped.subarray(from, to).swap32();
  swap32(0, 4);
  swapped.subarray(4, 8).swap16();
  swap32(8, 24);
  for (let at = 24; at < file.length; at += 16 + swapped.readUInt32BE(at + 8)) swap32(at, at + 16);
  return swapped;
}

describe('pcap files', () => {
  test('are read back as they were written, in pieces of any size and either byte order', () => {
    fc.assert(
      fc.property(packets, fc.constantFrom(1, 7, 16, 100, 10_000), fc.boolean(), (list, pieceLength, isBig) => {
        const file = write(list, new PcapWriter({ linkType: 276 }));
        const { records, summary } = readAll(isBig ? bigEndian(file) : file, pieceLength);
        expect(records).toEqual(
          list.map(({ data, seconds, nanoseconds, more }) => ({
            data: Buffer.from(data).toString('hex'),
            wireLength: data.length + more,
            time: `${seconds}.${String(nanoseconds).padStart(9, '0')}`,
            linkType: 276,
            interface: 0,
          })),
        );
        expect(summary).toEqual({
          format: 'pcap',
          packets: list.length,
          interfaces: [{ linkType: 276, snapLength: 262_144 }],
        });
      }),
    );
  });

  test('in microseconds lose the rest of the nanoseconds, and the snap length cuts packets but not their length on the wire', () => {
    const writer = new PcapWriter({ linkType: 1, snapLength: 4, precision: 'microseconds' });
    const file = Buffer.concat([
      writer.header(),
      writer.record(Uint8Array.of(1, 2, 3, 4, 5, 6), { seconds: 9, nanoseconds: 123_456_789 }),
    ]);
    expect(readAll(file).records).toEqual([
      { data: '01020304', wireLength: 6, time: '9.123456000', linkType: 1, interface: 0 },
    ]);
    expect(readAll(file).summary.interfaces).toEqual([{ linkType: 1, snapLength: 4 }]);
  });

  test('ignore what the link type word says of frame check sequences', () => {
    const header = Buffer.from(new PcapWriter({ linkType: 1 }).header());
    header.writeUInt32LE(0x34000001, 20);
    expect(readAll(header).summary.interfaces[0]?.linkType).toBe(1);
  });

  test('that end within a record say so and keep what came before', () => {
    const writer = new PcapWriter({ linkType: 1 });
    const record = writer.record(new Uint8Array(50), { seconds: 1, nanoseconds: 0 });
    const file = Buffer.concat([writer.header(), record, record]);
    for (let length = 0; length < file.length; length++) {
      const { records, summary } = readAll(file.subarray(0, length), 11);
      const isWhole = length === 24 || length === 24 + 66;
      expect(records).toHaveLength(length < 24 + 66 ? 0 : 1);
      expect(summary.problem?.kind).toBe(isWhole ? undefined : 'truncated');
    }
    expect(readAll(file.subarray(0, 100)).summary.problem).toEqual({
      kind: 'truncated',
      offset: 90,
      detail: 'it ends 10 of 16 bytes into a record, after 1 packets',
    });
  });

  test('that claim absurd lengths end there', () => {
    const writer = new PcapWriter({ linkType: 1 });
    const record = Buffer.from(writer.record(new Uint8Array(50), { seconds: 1, nanoseconds: 0 }));
    const bad = Buffer.from(record);
    bad.writeUInt32LE(0x7fffffff, 8);
    const { records, summary } = readAll(Buffer.concat([writer.header(), record, bad, record]));
    expect(records).toHaveLength(1);
    expect(summary.problem).toEqual({
      kind: 'malformed',
      offset: 90,
      detail: 'packet 2 claims 2147483647 captured bytes',
    });
  });

  test('that are none are called unknown', () => {
    expect(readAll(Buffer.from('#!/bin/sh\n')).summary.problem).toEqual({
      kind: 'unknown',
      offset: 0,
      detail: 'neither pcap nor pcapng: it begins with 23212f62',
    });
    expect(readAll(new Uint8Array(0)).summary.problem).toEqual({ kind: 'truncated', offset: 0, detail: 'it is empty' });
  });
});
