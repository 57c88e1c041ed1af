/**
 * Sums a capture of 5 million datagrams by source and group, and compares the time with `tshark -q -z conv,udp` and
 * `tcpdump -nn -r` on the same file in the same run: node bench/run.js summary [PACKETS].
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './summary-generate.ts';
import { summarise } from './summary-read.ts';

const self = fileURLToPath(import.meta.url);
const [mode, path, ...words] = process.argv.slice(2);

if (mode === 'generate') generate(path!, Number(words[0]));
else if (mode === 'read') await summarise(path!, words[0] === 'streams');
else compare(Number(mode ?? 5_000_000));

/** Runs every reader as a process of its own, so that start-up counts and memory is its own. */
function compare(packets: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'kmcast-bench-'));
  try {
    const file = join(folder, 'five-million.pcap');
    run('generate', [process.execPath, self, 'generate', file, String(packets)]);
    console.log(`${packets} packets, ${(statSync(file).size / 1e6).toFixed(0)} MB`);

    const ours = run('kmcast', [process.execPath, self, 'read', file]);
    const streams = run('kmcast, with what the streams are', [process.execPath, self, 'read', file, 'streams']);
    const tcpdump = run('tcpdump -nn -r FILE > /dev/null', ['tcpdump', '-nn', '-r', file], 'ignore');
    const tshark = run('tshark -q -z conv,udp', ['tshark', '-n', '-r', file, '-q', '-z', 'conv,udp']);

    const summary = parse(ours.stdout);
    const conversations = [...tshark.stdout.matchAll(/<->/g)].length;
    console.log(
      `kmcast counted ${summary.packets} packets in ${summary.rows} rows; tshark has ${conversations} conversations`,
    );
    console.log(`peak memory: ${summary.megabytes} MB; with streams ${parse(streams.stdout).megabytes} MB (limit 150)`);
    console.log(`faster than tshark: ${(tshark.seconds / ours.seconds).toFixed(1)} times (at least 12)`);
    console.log(`faster than tcpdump: ${(tcpdump.seconds / ours.seconds).toFixed(1)} times (at least 2)`);
    const isGood =
      tshark.seconds >= 12 * ours.seconds &&
      tcpdump.seconds >= 2 * ours.seconds &&
      summary.megabytes < 150 &&
      summary.rows === conversations &&
      summary.packets === packets;
    process.exitCode = isGood ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(
  name: string,
  argv: readonly string[],
  stdout: 'pipe' | 'ignore' = 'pipe',
): { seconds: number; stdout: string } {
  const start = process.hrtime.bigint();
  const done = spawnSync(argv[0]!, argv.slice(1), {
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'pipe'],
    maxBuffer: 1 << 28,
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (done.error !== undefined || done.status !== 0) throw new Error(`${name}: ${done.error?.message ?? done.stderr}`);
  console.log(`${seconds.toFixed(2).padStart(8)} s  ${name}`);
  return { seconds, stdout: done.stdout ?? '' };
}

/** What the reader process printed. */
function parse(text: string): { packets: number; rows: number; megabytes: number } {
  return JSON.parse(text);
}
