import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeInto } from '../../src/capture/decode/fast.ts';
import { ETHERNET, RAW } from '../../src/capture/decode/link-types.ts';
import { Packet } from '../../src/capture/decode/packet.ts';
import { estimateHops } from '../../src/discover/hops.ts';
import { SlotIndex } from '../../src/discover/slot-index.ts';
import { SourceTable } from '../../src/discover/sources.ts';
import { be32, ethernet, ipv4, ipv6, udp } from '../capture/build.ts';
import { randomNumbers } from '../helpers/random.ts';

const packet = new Packet();

function count(table: SourceTable, bytes: Uint8Array, time = 0, interfaceIndex = 1, linkType = RAW): number {
  decodeInto(packet, bytes, 0, bytes.length, bytes.length, linkType);
  return table.count(packet, bytes, interfaceIndex, time);
}

function datagram(source: string, group: string, size = 100, options = {}): Uint8Array {
  const ends = { source, destination: group };
  const build = source.includes(':') ? ipv6 : ipv4;
  return build(ends, 17, udp(ends, 5000, 5007, new Uint8Array(size)), options);
}

describe('SourceTable', () => {
  test('gives a row for each source and group', () => {
    const table = new SourceTable();
    const frame = (mac: string, ip: Uint8Array) =>
      ethernet('01:00:5e:01:02:03', mac, [{ protocol: 0x8100, control: 12 }], 0x0800, ip);
    count(table, frame('02:00:00:00:00:05', datagram('10.0.0.5', '239.1.2.3', 100, { ttl: 62 })), 10, 3, ETHERNET);
    count(table, frame('02:00:00:00:00:05', datagram('10.0.0.5', '239.1.2.3', 300, { ttl: 7 })), 11, 3, ETHERNET);
    count(table, frame('02:00:00:00:00:06', datagram('10.0.0.5', '239.1.2.3', 200, { ttl: 62 })), 12, 3, ETHERNET);
    expect(table.rows()).toEqual([
      {
        slot: 0,
        interface: 3,
        vlan: 12,
        family: 4,
        protocol: 17,
        source: '10.0.0.5',
        sourcePort: 5000,
        group: '239.1.2.3',
        port: 5007,
        packets: 3,
        bytes: 600 + 3 * 28,
        smallest: 128,
        largest: 328,
        fragments: 0,
        ttls: [
          { ttl: 7, initial: 8, hops: 1 },
          { ttl: 62, initial: 64, hops: 2 },
        ],
        mac: '02:00:00:00:00:05',
        severalMacs: true,
        first: 10,
        last: 12,
        packetsPerSecond: 1,
        bitsPerSecond: 228 * 8,
      },
    ]);
  });

  test('keeps apart what differs in one part of the key', () => {
    const table = new SourceTable();
    const base = datagram('10.0.0.5', '239.1.2.3');
    const slots = [
      count(table, base),
      count(table, base, 0, 2),
      count(table, datagram('10.0.0.6', '239.1.2.3')),
      count(table, datagram('10.0.0.5', '239.1.2.4')),
      count(
        table,
        ipv4(
          { source: '10.0.0.5', destination: '239.1.2.3' },
          17,
          udp({ source: '10.0.0.5', destination: '239.1.2.3' }, 5001, 5007, be32(0)),
        ),
      ),
      count(
        table,
        ipv4(
          { source: '10.0.0.5', destination: '239.1.2.3' },
          17,
          udp({ source: '10.0.0.5', destination: '239.1.2.3' }, 5000, 5008, be32(0)),
        ),
      ),
      count(table, ipv4({ source: '10.0.0.5', destination: '239.1.2.3' }, 253, be32(0))),
      count(
        table,
        ipv4({ source: '10.0.0.5', destination: '239.1.2.3' }, 17, be32(0), {
          fragment: { offset: 1480, more: false },
        }),
      ),
      count(table, datagram('2001:db8::5', 'ff15::1')),
      count(table, datagram('2001:db8::5', 'ff15::2')),
      count(table, datagram('2001:db8:1::5', 'ff15::1')),
    ];
    expect(new Set(slots).size).toBe(slots.length);
    expect(count(table, base)).toBe(slots[0]);
    expect(table.rows().filter(({ fragments }) => fragments > 0)).toMatchObject([{ packets: 1, protocol: 17 }]);
    expect(table.rows().map(({ source }) => source)).toContain('2001:db8:1::5');
  });

  test('does not count what is not IP', () => {
    const table = new SourceTable();
    expect(count(table, be32(0))).toBe(-1);
    expect(table.size).toBe(0);
  });

  test('survives a million forged sources: memory stays, heavy ones stay, and all packets are accounted for', () => {
    const table = new SourceTable({ limit: 4096, seed: 5 });
    const random = randomNumbers(99);
    const forged = datagram('10.0.0.5', '239.1.2.3');
    const real = datagram('192.168.1.1', '239.9.9.9', 1316);
    let sent = 0;
    const memory = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 1_000_000; i++) {
      forged.set(be32(random()), 12);
      count(table, forged, i / 1e6);
      if (i % 50 === 0) {
        count(table, real, i / 1e6);
        sent++;
      }
    }
    expect(process.memoryUsage().arrayBuffers - memory).toBeLessThan(20e6);
    const rows = table.rows();
    expect(rows).toHaveLength(4096);
    expect(rows[0]).toMatchObject({ source: '192.168.1.1', packets: sent, bytes: sent * 1344 });
    const inRows = rows.reduce((sum, row) => sum + row.packets, 0);
    expect(inRows + table.overflow.packets).toBe(1_000_000 + sent);
    expect(table.overflow.rows).toBeGreaterThan(990_000);
    expect(rows.reduce((sum, row) => sum + row.bytes, 0) + table.overflow.bytes).toBe(1_000_000 * 128 + sent * 1344);
  });

  test('says when a slot changes hands', () => {
    const table = new SourceTable({ limit: 1, seed: 1 });
    expect([count(table, datagram('10.0.0.5', '239.1.2.3')), table.fresh]).toEqual([0, true]);
    expect([count(table, datagram('10.0.0.5', '239.1.2.3')), table.fresh]).toEqual([0, false]);
    expect([count(table, datagram('10.0.0.6', '239.1.2.3')), table.fresh]).toEqual([0, true]);
    expect(table.overflow).toEqual({ rows: 1, packets: 2, bytes: 256 });
  });
});

describe('SlotIndex', () => {
  test('finds what was added and not removed, however hashes collide', () => {
    const operation = fc.record({ key: fc.nat(40), remove: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 300, size: 'max' }),
        fc.integer({ min: 1, max: 50 }),
        (operations, spread) => {
          const keys: (number | undefined)[] = Array(32).fill(undefined);
          let wanted = 0;
          const index = new SlotIndex(32, (slot) => keys[slot] === wanted);
          // Neighbouring homes, so that chains run into each other and round the end.
          const hash = (key: number) => 60 + (key % spread);
          for (const { key, remove } of operations) {
            wanted = key;
            const slot = index.find(hash(key));
            expect(slot).toBe(keys.indexOf(key));
            if (slot >= 0 && remove) {
              index.remove(slot);
              keys[slot] = undefined;
            } else if (slot < 0 && keys.includes(undefined)) {
              const free = keys.indexOf(undefined);
              keys[free] = key;
              index.add(hash(key), free);
            }
          }
        },
      ),
    );
  });
});

test('estimateHops takes the nearest usual initial TTL', () => {
  const hops = [0, 1, 3, 16, 17, 64, 65, 128, 129, 255]
    .map((ttl) => estimateHops(ttl))
    .map(({ initial, hops }) => [initial, hops]);
  expect(hops).toEqual([
    [1, 0],
    [1, 0],
    [4, 1],
    [16, 0],
    [32, 15],
    [64, 0],
    [128, 63],
    [128, 0],
    [255, 126],
    [255, 0],
  ]);
});
