/** Reading a container's log as the kubelet serves it (pkg/kubelet/kuberuntime/logs). */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { LogRequest } from '../pod-runtime.ts';
import type { LogFile } from './log-file.ts';

export type LogWishes = Pick<LogRequest, 'follow' | 'timestamps' | 'tailLines' | 'sinceSeconds' | 'limitBytes'>;

const CHUNK = 64 * 1024;

/** What was written, without the CRI's marks; ends at the end of the log, with `follow` when the container has ended. */
export function readLog(log: LogFile, wishes: LogWishes): Readable {
  return Readable.from(limited(printed(records(log, wishes), wishes), wishes.limitBytes), { objectMode: false });
}

async function* limited(texts: AsyncIterable<Buffer>, limit = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
  let left = limit;
  for await (const text of texts) {
    if (text.length >= left) {
      yield text.subarray(0, left);
      return;
    }
    left -= text.length;
    yield text;
  }
}

async function* printed(
  lines: AsyncIterable<Buffer[]>,
  { timestamps, sinceSeconds }: LogWishes,
): AsyncGenerator<Buffer> {
  const since = sinceSeconds === undefined ? '' : new Date(Date.now() - sinceSeconds * 1000).toISOString().slice(0, -1);
  for await (const batch of lines) {
    const texts: Buffer[] = [];
    for (const line of batch) {
      const head = line.subarray(0, 64).toString('latin1');
      const [, time = '', tag] = /^(\S+) \S+ ([FP]) /.exec(head) ?? [];
      if (tag === undefined || time < since) continue;
      const text = line.subarray(head.indexOf(` ${tag} `) + 3);
      if (timestamps) texts.push(Buffer.from(`${time} `));
      texts.push(text);
      if (tag === 'F') texts.push(Buffer.from('\n'));
    }
    if (texts.length > 0) yield Buffer.concat(texts);
  }
}

/** Lines of the file, without their ends. */
async function* records(log: LogFile, { follow, tailLines }: LogWishes): AsyncGenerator<Buffer[]> {
  const file = await open(log.path, 'r');
  try {
    let at = tailLines === undefined ? 0 : await tailStart(file, log.size, tailLines);
    let rest = Buffer.alloc(0);
    for (;;) {
      // It has begun anew.
      if (at > log.size) at = 0;
      while (at < log.size) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(CHUNK, log.size - at)), { position: at });
        if (bytesRead === 0) return;
        at += bytesRead;
        const text = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        const end = text.lastIndexOf(10) + 1;
        rest = Buffer.from(text.subarray(end));
        if (end > 0) yield split(text.subarray(0, end));
      }
      if (!follow || log.closed) return;
      await changed(log);
    }
  } finally {
    await file.close();
  }
}

/** Where the last so many lines begin. */
async function tailStart(file: Awaited<ReturnType<typeof open>>, size: number, lines: number): Promise<number> {
  if (lines <= 0) return size;
  let ends = 0;
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - CHUNK);
    const { buffer } = await file.read(Buffer.alloc(end - start), { position: start });
    for (let index = buffer.length - 1; index >= 0; index -= 1) {
      if (buffer[index] !== 10) continue;
      ends += 1;
      if (ends > lines) return start + index + 1;
    }
    end = start;
  }
  return 0;
}

function split(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(10, from);
    lines.push(text.subarray(from, end));
    from = end + 1;
  }
  return lines;
}

function changed(log: LogFile): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      log.off('grown', wake);
      log.off('closed', wake);
      resolve();
    };
    log.on('grown', wake);
    log.on('closed', wake);
  });
}
