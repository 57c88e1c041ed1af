import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { PcapWriter } from '../../src/capture/pcap-writer.ts';
import { readCapture, readCaptureFile } from '../../src/capture/read-capture.ts';
import { requireTool } from '../helpers/tools.ts';
import { keep, readAll } from './reading.ts';

const folder = mkdtempSync(join(tmpdir(), 'kmcast-read-'));
afterAll(() => rmSync(folder, { recursive: true }));

const writer = new PcapWriter({ linkType: 1 });
const packet = (i: number) => Uint8Array.from({ length: 60 + (i % 900) }, (_, at) => (i * 31 + at) & 0xff);
const COUNT = 5000;
const file = Buffer.concat([
  writer.header(),
  ...Array.from({ length: COUNT }, (_, i) => writer.record(packet(i), { seconds: i, nanoseconds: i })),
]);

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  const reused = new Uint8Array(length);
  for (let at = 0; at < bytes.length; at += length) {
    reused.fill(0xee);
    reused.set(bytes.subarray(at, at + length));
    yield reused.subarray(0, Math.min(length, bytes.length - at));
  }
}

async function read(source: AsyncIterable<Uint8Array>) {
  const records: ReturnType<typeof keep>[] = [];
  const summary = await readCapture(source, (record) => records.push(keep(record)));
  return { records, summary };
}

describe('readCapture', () => {
  test.each([1, 1000, 1 << 20])(
    'reads plain and packed chunks of %i bytes that are overwritten one by the next',
    async (length) => {
      const some = length === 1 ? file.subarray(0, 24 + 200 * 100) : file;
      expect(await read(pieces(some, length))).toEqual(readAll(some));
      expect(await read(pieces(gzipSync(some), length))).toEqual(readAll(some));
    },
  );

  test('reports an archive that was cut, with the packets before the cut', async () => {
    const packed = gzipSync(file);
    const { records, summary } = await read(pieces(packed.subarray(0, packed.length >> 1), 4096));
    expect(records.length).toBeGreaterThan(100);
    expect(records.length).toBeLessThan(COUNT);
    expect(summary.problem).toMatchObject({
      kind: 'truncated',
      detail: 'the gzip archive is damaged: unexpected end of file',
    });
  });

  test('reports an archive that was damaged', async () => {
    const packed = gzipSync(file);
    packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 100);
    expect((await read(pieces(packed, 4096))).summary.problem).toMatchObject({ kind: 'malformed' });
  });

  test('ends when the taker has enough, and lets go of the source', async () => {
    let released = false;
    async function* source() {
      try {
        yield* pieces(file, 4096);
      } finally {
        released = true;
      }
    }
    let taken = 0;
    const summary = await readCapture(source(), () => ++taken < 10);
    expect([taken, summary.packets, summary.problem, released]).toEqual([10, 10, undefined, true]);
  });

  test('rejects when the source does', async () => {
    async function* source() {
      yield file.subarray(0, 100);
      throw new Error('connection lost');
    }
    await expect(readCapture(source(), () => true)).rejects.toThrow('connection lost');
    async function* packedSource() {
      yield gzipSync(file).subarray(0, 100);
      throw new Error('connection lost');
    }
    await expect(readCapture(packedSource(), () => true)).rejects.toThrow('connection lost');
  });
});

describe('readCaptureFile', () => {
  test('reads files, plain and packed', async () => {
    for (const [name, content] of [
      ['plain', file],
      ['packed', gzipSync(file)],
    ] as const) {
      writeFileSync(join(folder, name), content);
      const summary = await readCaptureFile(join(folder, name), () => undefined);
      expect(summary).toEqual(readAll(file).summary);
    }
  });

  test('names a file that it cannot read', async () => {
    await expect(readCaptureFile(join(folder, 'missing'), () => true)).rejects.toThrow(
      /^cannot read .*missing: ENOENT/,
    );
    await expect(readCaptureFile(folder, () => true)).rejects.toThrow(/^cannot read .*: EISDIR/);
  });

  test('is what tcpdump reads: our files hold up there', () => {
    writeFileSync(join(folder, 'ours.pcap'), file);
    const { stdout, stderr } = spawnSync(requireTool('tcpdump'), ['-nn', '-tt', '-r', join(folder, 'ours.pcap')], {
      encoding: 'utf8',
    });
    expect(stderr).toContain('link-type EN10MB (Ethernet), snapshot length 262144');
    expect(stdout.trimEnd().split('\n').length).toBeGreaterThanOrEqual(COUNT);
  });
});
