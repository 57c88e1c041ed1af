import { open } from 'node:fs/promises';
import type { CaptureSummary, OnRecord } from './capture-record.ts';
import { unpacked } from './gunzip.ts';
import { CaptureReader } from './reader.ts';

const CHUNK = 1 << 20;

/**
 * Reads a pcap or pcapng file, plain or in gzip, that comes in chunks; a chunk may be overwritten when the next is asked for.
 * What is wrong with the file stands in the summary; rejects only when `chunks` does, or `onRecord` throws.
 */
export async function readCapture(chunks: AsyncIterable<Uint8Array>, onRecord: OnRecord): Promise<CaptureSummary> {
  const reader = new CaptureReader(onRecord);
  let damage: string | undefined;
  for await (const chunk of unpacked(chunks, (detail) => (damage = detail))) {
    reader.push(chunk);
    if (reader.stopped) break;
  }
  const summary = reader.end();
  if (damage === undefined || (summary.problem !== undefined && summary.problem.kind !== 'truncated')) return summary;
  const kind = damage === 'unexpected end of file' ? 'truncated' : 'malformed';
  return {
    ...summary,
    problem: { kind, offset: summary.problem?.offset ?? 0, detail: `the gzip archive is damaged: ${damage}` },
  };
}

/**
 * Reads a capture file, or standard input for `-`.
 *
 * @throws Error that names the file when it cannot be opened or read
 */
export async function readCaptureFile(path: string, onRecord: OnRecord): Promise<CaptureSummary> {
  return readCapture(path === '-' ? process.stdin : fileChunks(path), onRecord);
}

/** Chunks of a file. Two buffers take turns: one is read into while the other is looked at. */
async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path).catch((error: Error) => {
    throw cannotRead(path, error);
  });
  try {
    const buffers = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)] as const;
    // Nothing is read ahead from a pipe: closing would wait for a writer that may never come.
    const ahead = (await file.stat()).isFile();
    const read = (turn: number) =>
      file.read(buffers[turn & 1 ? 1 : 0], 0, CHUNK).catch((error: Error) => cannotRead(path, error));
    let pending = read(0);
    for (let turn = 0; ; turn++) {
      const result = await pending;
      if (result instanceof Error) throw result;
      if (result.bytesRead === 0) return;
      if (ahead) pending = read(turn + 1);
      yield buffers[turn & 1 ? 1 : 0].subarray(0, result.bytesRead);
      if (!ahead) pending = read(turn + 1);
    }
  } finally {
    await file.close();
  }
}

function cannotRead(path: string, error: Error): Error {
  return new Error(`cannot read ${path}: ${error.message}`, { cause: error });
}
