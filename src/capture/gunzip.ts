import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/**
 * The chunks themselves, or unpacked when they begin with gzip's magic (RFC 1952). A damaged or cut archive gives what
 * could be unpacked; `onProblem` then says what is wrong with it.
 */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  onProblem: (detail: string) => void,
): AsyncGenerator<Uint8Array> {
  const input = chunks[Symbol.asyncIterator]();
  try {
    const head = await firstBytes(input);
    if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzip(joined(head, input, true), onProblem);
    else yield* joined(head, input, false);
  } finally {
    await input.return?.();
  }
}

/** At least two bytes, when there are as many. */
async function firstBytes(input: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  for (;;) {
    const { done, value } = await input.next();
    if (done) return head;
    if (head.length === 0 && value.length >= 2) return value;
    head = Uint8Array.from(Buffer.concat([head, value]));
    if (head.length >= 2) return head;
  }
}

/** The head and what follows it; copied where the taker keeps chunks while the reader fills its buffer again. */
async function* joined(head: Uint8Array, input: AsyncIterator<Uint8Array>, copy: boolean): AsyncGenerator<Uint8Array> {
  if (head.length === 0) return;
  yield copy ? Buffer.from(head) : head;
  for (;;) {
    const { done, value } = await input.next();
    if (done) return;
    yield copy ? Buffer.from(value) : value;
  }
}

async function* gunzip(
  packed: AsyncIterable<Uint8Array>,
  onProblem: (detail: string) => void,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed, { objectMode: false, highWaterMark: 1 << 18 });
  const archive = source.pipe(createGunzip({ chunkSize: 1 << 18 }));
  let readError: Error | undefined;
  source.on('error', (error) => {
    readError = error;
    archive.destroy(error);
  });
  try {
    for await (const chunk of archive) yield chunk;
  } catch (error) {
    if (readError !== undefined) throw readError;
    onProblem(error instanceof Error ? error.message : String(error));
  } finally {
    source.destroy();
    archive.destroy();
  }
}
