import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { CaptureRecord } from '../../src/capture/capture-record.ts';
import { Counter } from '../../src/capture/counter.ts';
import { ETHERNET } from '../../src/capture/decode/link-types.ts';
import { Datagram } from '../../src/discover/datagram.ts';
import { StreamTracker } from '../../src/discover/stream-tracker.ts';
import { ownDatagrams } from '../../src/probe/own-datagrams.ts';
import { ethernet, ipv4, udp } from '../capture/build.ts';

const RUN = '00112233445566ff';
const { makeDatagram, stamp } = createRequire(import.meta.url)('../../src/agent/node/traffic.cjs') as {
  makeDatagram(run: string, sender: number, size: number): Buffer;
  stamp(datagram: Buffer, number: number, at: number): void;
};

function byNode(number: number, size = 100): Buffer {
  const bytes = makeDatagram(RUN, 77, size);
  stamp(bytes, number, 1_700_000_000_123_456);
  return bytes;
}

function byPython(number: number): Buffer {
  const program = `import sys
from datagram import make
sys.stdout.buffer.write(make(${number}, 1700000000123456, bytes.fromhex('${RUN}'), 77, 100))`;
  const cwd = new URL('../../src/agent/python', import.meta.url).pathname;
  return execFileSync('python3', ['-B', '-c', program], { cwd });
}

function seen(bytes: Uint8Array, end = bytes.length): Datagram {
  // On the wire something stands before it.
  return Object.assign(new Datagram(), {
    bytes: Buffer.concat([Buffer.alloc(3, 0x6b), bytes]),
    start: 3,
    end: end + 3,
    length: bytes.length,
  });
}

describe('test datagrams', () => {
  it('are the same from every runtime', () => {
    for (const number of [0, 1, 2 ** 32 - 1]) expect(byPython(number).equals(byNode(number))).toBe(true);
  });

  it('begin as those of iperf 2 do', () => {
    const bytes = byNode(9);
    expect([0, 4, 8, 12, 16].map((at) => bytes.readUInt32BE(at))).toEqual([9, 1_700_000_000, 123_456, 0, 0]);
  });

  it('are told on the wire, by run and sender', () => {
    const datagram = seen(byNode(4_000_000_000));
    expect(ownDatagrams.matches(datagram)).toBe(true);
    expect(ownDatagrams.sender(datagram)).toBe(`${RUN}/77`);
    expect(ownDatagrams.sequence(datagram)).toBe(4_000_000_000);
    expect(ownDatagrams.matches(seen(byNode(1), 39))).toBe(false);
    expect(ownDatagrams.matches(seen(Buffer.alloc(100)))).toBe(false);
  });

  it('give discovery their continuity', () => {
    const tracker = new StreamTracker(ownDatagrams);
    for (const number of [0, 1, 2, 5, 4, 4]) tracker.observe(seen(byNode(number)));
    expect(tracker.stream()).toMatchObject({
      kind: 'kmcast',
      continuity: [{ of: 'kmcast', received: 5, lost: 1, reordered: 1, duplicates: 1 }],
    });
  });

  it('are followed by every capture that is counted', () => {
    const counter = new Counter({ queries: [], nameOf: () => 'eth1' });
    const ends = { source: '10.0.0.1', destination: '239.1.2.3' };
    for (const number of [0, 1, 5, 6]) {
      const ip = ipv4(ends, 17, udp(ends, 4000, 5007, byNode(number)));
      const bytes = ethernet('01:00:5e:01:02:03', '02:00:00:00:00:02', [], 0x0800, ip);
      const { length } = bytes;
      counter.take(Object.assign(new CaptureRecord(), { bytes, end: length, wireLength: length, linkType: ETHERNET }));
    }
    expect(counter.tally(0).report.sources).toMatchObject([
      { packets: 4, stream: { kind: 'kmcast', continuity: [{ of: 'kmcast', received: 4, lost: 3, gaps: 1 }] } },
    ]);
  });
});
