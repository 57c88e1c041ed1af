import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blocks, type InterfaceOptions, type Order } from './pcapng-blocks.ts';
import { readAll } from './reading.ts';
import { tsharkFields } from './tshark.ts';

const data = (length: number) => Uint8Array.from({ length }, (_, i) => i);
const TIME = 1_700_000_000n;

describe.each(['little', 'big'] as const)('pcapng files, %s-endian', (order: Order) => {
  const writer = blocks(order);
  const file = Buffer.concat([
    writer.section(),
    writer.interface({ linkType: 1, name: 'eth0', snapLength: 20 }),
    writer.interface({ linkType: 276, resolution: 9 }),
    writer.block(5, new Uint8Array(12)),
    writer.enhanced(0, TIME * 1_000_000n + 123_456n, data(17), 1500),
    writer.enhanced(1, TIME * 1_000_000_000n + 987_654_321n, data(3)),
    writer.simple(data(20), 60),
    writer.block(0x0bad, new Uint8Array(400)),
    writer.old(1, TIME * 1_000_000_000n + 1n, data(8), 9),
    writer.section(),
    writer.interface({ linkType: 101, resolution: 3 }),
    writer.enhanced(0, TIME * 1000n + 5n, data(1)),
  ]);

  test('give the packets of all blocks, interfaces and sections', () => {
    const hex = (length: number) => Buffer.from(data(length)).toString('hex');
    for (const pieceLength of [1, 3, 64, file.length]) {
      const { records, summary } = readAll(file, pieceLength);
      expect(records).toEqual([
        { data: hex(17), wireLength: 1500, time: '1700000000.123456000', linkType: 1, interface: 0 },
        { data: hex(3), wireLength: 3, time: '1700000000.987654321', linkType: 276, interface: 1 },
        { data: hex(20), wireLength: 60, time: '0.000000000', linkType: 1, interface: 0 },
        { data: hex(8), wireLength: 9, time: '1700000000.000000001', linkType: 276, interface: 1 },
        { data: hex(1), wireLength: 1, time: '1700000000.005000000', linkType: 101, interface: 2 },
      ]);
      expect(summary).toEqual({
        format: 'pcapng',
        packets: 5,
        interfaces: [
          { linkType: 1, snapLength: 20, name: 'eth0' },
          { linkType: 276, snapLength: 0 },
          { linkType: 101, snapLength: 0 },
        ],
      });
    }
  });

  test('that are cut give all that is complete, and say that they are cut', () => {
    const ends = blockEnds(file, order);
    for (let length = 0; length < file.length; length++) {
      const whole = ends.filter(({ end }) => end <= length);
      const { records, summary } = readAll(file.subarray(0, length));
      expect(records).toHaveLength(whole.filter(({ type }) => [2, 3, 6].includes(type)).length);
      expect(summary.problem?.kind).toBe(whole.at(-1)?.end === length ? undefined : 'truncated');
    }
  });
});

function blockEnds(file: Uint8Array, order: Order): { type: number; end: number }[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const ends: { type: number; end: number }[] = [];
  for (let at = 0; at < file.length; ) {
    const type = view.getUint32(at, order === 'little');
    at += view.getUint32(at + 4, order === 'little');
    ends.push({ type, end: at });
  }
  return ends;
}

describe('pcapng time stamps', () => {
  const writer = blocks('little');
  const stamped = (cases: readonly (readonly [InterfaceOptions, bigint])[]) =>
    Buffer.concat([
      writer.section(),
      ...cases.map(([options]) => writer.interface(options)),
      ...cases.map(([, stamp], i) => writer.enhanced(i, stamp, data(60))),
    ]);

  test('are exact in any unit and with any offset, as tshark says', () => {
    const file = stamped([
      [{ linkType: 1, resolution: 0 }, 1_700_000_000n],
      [{ linkType: 1, resolution: 3 }, 1_700_000_000_123n],
      [{ linkType: 1, resolution: 9 }, 9_000_000_000_987_654_321n],
      [{ linkType: 1, resolution: 0x8a }, 1_700_000_000n * 1024n + 1023n],
      [{ linkType: 1, resolution: 0xa0 }, (1_700_000_000n << 32n) + 0xfedcba98n],
      [{ linkType: 1, resolution: 6, offset: 1_600_000_000 }, 100_000_000_654_321n],
      [{ linkType: 1, resolution: 9, offset: -3600 }, 1_700_000_000_000_000_001n],
    ]);
    const theirs = tsharkFields(file, ['frame.time_epoch']).map((packet) => packet['frame.time_epoch'][0]);
    expect(readAll(file).records.map(({ time }) => time)).toEqual(theirs);
  });

  test('are cut to whole nanoseconds, exactly, whatever the unit', () => {
    const units = fc.oneof(
      fc.integer({ min: 0, max: 18 }).map((n) => [n, 10n ** BigInt(n)] as const),
      fc.integer({ min: 0, max: 60 }).map((n) => [0x80 | n, 1n << BigInt(n)] as const),
    );
    // Where a nanosecond begins, and just before: there an inexact division shows.
    const edge = fc.tuple(fc.nat(999_999_998), fc.constantFrom(0n, 1n));
    fc.assert(
      fc.property(units, fc.nat(2 ** 31 - 1), edge, ([resolution, unit], seconds, [nanosecond, before]) => {
        const fraction = (BigInt(nanosecond + 1) * unit + 999_999_999n) / 1_000_000_000n - before;
        const stamp = BigInt.asUintN(64, BigInt(seconds) * unit + fraction);
        const expected = `${stamp / unit}.${String(((stamp % unit) * 1_000_000_000n) / unit).padStart(9, '0')}`;
        expect(readAll(stamped([[{ linkType: 1, resolution }, stamp]])).records[0]?.time).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('odd pcapng files', () => {
  const writer = blocks('little');
  const start = [writer.section(), writer.interface({ linkType: 1 })];
  const good = writer.enhanced(0, 0n, data(4));

  test.each([
    [
      'packet of an undescribed interface',
      writer.enhanced(7, 0n, data(4)),
      'packet of interface 7, which the section does not describe',
    ],
    ['packet longer than its block', longer(good), 'packet claims 5000 captured bytes, more than its block holds'],
    ['packet block without fields', writer.block(6, data(8)), 'packet block without its fields'],
    ['interface block without fields', writer.block(1, data(4)), 'interface block without its fields'],
  ])('leave out a %s, and go on', (_, odd, detail) => {
    const { records, summary } = readAll(Buffer.concat([...start, odd, good]));
    expect(records).toHaveLength(1);
    expect(summary.problem).toEqual({ kind: 'malformed', offset: Buffer.concat(start).length, detail });
  });

  test.each([
    ['too short', 8, 'block of 8 bytes'],
    ['not a multiple of four', 35, 'block of 35 bytes'],
    ['absurd', 0xfffffff0, 'block of 4294967280 bytes'],
  ])('end at a block length that is %s', (_, length, detail) => {
    const bad = Buffer.from(good);
    bad.writeUInt32LE(length, 4);
    const { records, summary } = readAll(Buffer.concat([...start, good, bad, good]));
    expect(records).toHaveLength(1);
    expect(summary.problem).toMatchObject({ kind: 'malformed', detail });
  });

  test('end where the two lengths of a block differ', () => {
    const bad = Buffer.from(good);
    bad.writeUInt32LE(40, bad.length - 4);
    expect(readAll(Buffer.concat([...start, bad, good])).summary.problem?.detail).toBe(
      'block whose two lengths differ (36 in front)',
    );
  });
});

function longer(block: Uint8Array): Uint8Array {
  const copy = Buffer.from(block);
  copy.writeUInt32LE(5000, 8 + 12);
  return copy;
}
