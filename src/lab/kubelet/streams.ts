/** The three streams of a process in a container. */
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Node } from '../place.ts';
import { inputPipe, outputPipe } from './pipes.ts';

export interface Streams {
  readonly stdin?: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** For the `stdio` of the child. */
  readonly files: readonly (number | 'ignore')[];
  /** The child has them. */
  given(): void;
  /**
   * For when the process has ended: resolves when its output was read. Whoever else holds it open is not waited for long, a reader
   * that pauses for so many milliseconds.
   */
  drained(limit?: number): Promise<void>;
}

/** Milliseconds. */
const PATIENCE = 500;

export async function makeStreams(node: Node, stdin: boolean): Promise<Streams> {
  const input = stdin ? await inputPipe(node) : undefined;
  const out = await outputPipe(node);
  const err = await outputPipe(node);
  return {
    ...(input && { stdin: input.stream }),
    stdout: out.stream,
    stderr: err.stream,
    files: [input?.file ?? 'ignore', out.file, err.file],
    given() {
      for (const pipe of [input, out, err]) pipe?.given();
    },
    async drained(limit = Number.POSITIVE_INFINITY) {
      input?.stream.destroy();
      await Promise.all([out, err].map(({ stream }) => read(stream, Date.now() + limit)));
    },
  };
}

async function read(stream: Readable, end: number): Promise<void> {
  const over = finished(stream, { writable: false }).catch(() => {});
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, PATIENCE, 'late');
    });
    const first = await Promise.race([over, late]);
    clearTimeout(timer);
    const hasAll = stream.readableFlowing === true && stream.readableLength === 0;
    if (first !== 'late' || hasAll || Date.now() > end) return;
  }
}
