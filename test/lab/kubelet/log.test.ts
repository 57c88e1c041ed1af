import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, it } from 'vitest';
import { LogFile } from '../../../src/lab/kubelet/log-file.ts';
import { readLog } from '../../../src/lab/kubelet/log-reader.ts';
import { text } from './kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'kmcast-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

const plain = { follow: false, timestamps: false };

/** A log with what is written to the stream. */
function start(name: string): { log: LogFile; out: PassThrough } {
  const log = new LogFile(join(folder, name));
  const out = new PassThrough();
  log.follow(out, 'stdout');
  return { log, out };
}

it("is written in the CRI's format, cut lines put together", async () => {
  const { log, out } = start('format');
  out.write('on');
  out.write(`e\n${'x'.repeat(20_000)}\nlast`);
  out.destroy();
  await new Promise((resolve) => out.once('close', resolve));
  const lines = readFileSync(log.path, 'utf8').trimEnd().split('\n');
  const head = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z stdout ([FP]) (.*)$/;
  expect(lines.map((line) => head.exec(line)?.slice(1).join(' ').slice(0, 8))).toEqual([
    'F one',
    'P xxxxxx',
    'F xxxxxx',
    'P last',
  ]);
  expect(await text(readLog(log, plain))).toBe(`one\n${'x'.repeat(20_000)}\nlast`);
});

it.each([0, 1, 3, 5000, 20_000])('has its last %i lines', async (count) => {
  const { log, out } = start(`tail${count}`);
  const lines = Array.from({ length: 10_000 }, (_, index) => `line ${index}\n`);
  out.end(lines.join(''));
  await new Promise((resolve) => out.once('close', resolve));
  expect(await text(readLog(log, { ...plain, tailLines: count }))).toBe(
    count === 0 ? '' : lines.slice(-count).join(''),
  );
});

it('begins anew when it has grown too long, also for who follows it', async () => {
  const { log, out } = start('long');
  const line = `${'y'.repeat(999)}\n`;
  const reader = text(readLog(log, { ...plain, follow: true, tailLines: 0 }));
  for (let index = 0; index < 12; index += 1) {
    out.write(line.repeat(1000));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  out.end('end\n');
  await new Promise((resolve) => out.once('close', resolve));
  await new Promise((resolve) => setTimeout(resolve, 50));
  log.close();
  expect(log.size).toBeLessThan(5_000_000);
  expect((await reader).endsWith('\nend\n')).toBe(true);
});
