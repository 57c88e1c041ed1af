/** What a container left behind about its end (core/v1 Container.terminationMessagePath). */
import { readFile } from 'node:fs/promises';
import type { LogFile } from './log-file.ts';
import { readLog } from './log-reader.ts';
import type { Container } from './types.ts';

/** Bytes of the message, and what of the log stands in for it. */
const LIMIT = 4096;
const LOG_LIMIT = 2048;
const LOG_LINES = 80;

/** @param path the file, as the daemon reaches it */
export async function terminationMessage(
  container: Container,
  path: string,
  log: LogFile,
  failed: boolean,
): Promise<string | undefined> {
  const written = await readStart(path);
  if (written !== '') return written;
  if (container.terminationMessagePolicy !== 'FallbackToLogsOnError' || !failed) return undefined;
  const parts: Buffer[] = [];
  const wishes = { follow: false, timestamps: false, tailLines: LOG_LINES };
  for await (const part of readLog(log, wishes)) parts.push(part as Buffer);
  const text = Buffer.concat(parts);
  return text.subarray(Math.max(0, text.length - LOG_LIMIT)).toString() || undefined;
}

async function readStart(path: string): Promise<string> {
  const text = await readFile(path).catch(() => Buffer.alloc(0));
  return text.subarray(0, LIMIT).toString();
}
