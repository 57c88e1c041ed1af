/** Snapshots in files. */
import { readFile, writeFile } from 'node:fs/promises';
import { SCHEMA_VERSION, type Snapshot } from '../facts/snapshot.ts';
import { isObject } from '../model/nad.ts';
import { EXIT, UserError } from './exit.ts';
import type { Terminal } from './terminal.ts';

/** Writes the snapshot, readable by its owner alone; `-` is stdout. */
export async function writeSnapshot(snapshot: Snapshot, file: string, out: Terminal): Promise<void> {
  const text = `${JSON.stringify(snapshot, null, 1)}\n`;
  if (file === '-') return out.write(text);
  await writeFile(file, text, { mode: 0o600 }).catch((error: Error) => {
    throw new UserError(`the snapshot could not be written: ${error.message}`, {
      hint: 'name a file in a folder that you may write to',
    });
  });
  const size = `${Math.ceil(text.length / 1024)} KiB`;
  out.say(`wrote ${file} (${size}); diagnose it anywhere with: kmcast doctor --snapshot ${file}`);
}

/** Throws UserError when the file is no snapshot. */
export async function readSnapshot(file: string): Promise<Snapshot> {
  const text = await (file === '-' ? readAll() : readFile(file, 'utf8')).catch((error: Error) => {
    throw new UserError(`the snapshot could not be read: ${error.message}`, { status: EXIT.usage });
  });
  const json: unknown = parse(text, file);
  if (
    !isObject(json) ||
    json.kind !== 'Snapshot' ||
    json.schemaVersion !== SCHEMA_VERSION ||
    !Array.isArray(json.targets)
  ) {
    throw new UserError(`${file} is no snapshot of kmcast (${SCHEMA_VERSION})`, {
      hint: 'make one with: kmcast collect TARGET -w FILE',
      status: EXIT.usage,
    });
  }
  return json as unknown as Snapshot;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${file} is not JSON`, {
      hint: 'make a snapshot with: kmcast collect TARGET -w FILE',
      status: EXIT.usage,
    });
  }
}

async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
