/** A capture file as a place: counted like a live one, without any native module. */
import { basename } from 'node:path';
import type { SeenSource } from '../discover/account.ts';
import type { GroupQuery } from '../discover/group-query.ts';
import { Counter } from './counter.ts';
import type { PcapngFile } from './pcapng-file.ts';
import { readCaptureFile } from './read-capture.ts';
import type { PlaceOutcome } from './watch-all.ts';

export interface FileOptions {
  readonly queries: readonly GroupQuery[];
  readonly onFresh: (sources: readonly SeenSource[]) => void;
  readonly file?: PcapngFile;
  readonly signal: AbortSignal;
}

/** Packets between two looks at what is new. */
const STRIDE = 1024;
/** An interface that the file does not name. */
const NAMELESS = '-';

/**
 * Reads a pcap or pcapng file, or standard input for `-`. A file that is damaged is read as far as it goes, and the problem
 * named. Rejects when it cannot be read at all.
 */
export async function readCapturePlace(path: string, options: FileOptions): Promise<PlaceOutcome> {
  const { queries, onFresh, file, signal } = options;
  const names: string[] = [];
  const counter = new Counter({
    queries,
    nameOf: (index) => names[index] ?? NAMELESS,
    ...(file === undefined ? {} : { file }),
  });
  let count = 0;
  const summary = await readCaptureFile(path, (packet) => {
    names[packet.interface] ??= packet.interfaceName || NAMELESS;
    counter.take(packet);
    if (counter.hasFresh && (count < STRIDE || count % STRIDE === 0)) onFresh(counter.takeFresh());
    count++;
    return !signal.aborted;
  });
  if (counter.hasFresh) onFresh(counter.takeFresh());
  await file?.flush();
  const problem = summary.problem === undefined ? undefined : `${path}: ${summary.problem.detail}`;
  const seen = summary.interfaces.map(({ name }) => name ?? NAMELESS);
  return {
    place: { name: path === '-' ? 'stdin' : basename(path) },
    vantage: summary.format ?? 'unknown format',
    interfaces: seen.map((name) => ({ name, addresses: [], join: false })),
    began: { interfaces: [...new Set(seen)], failures: [], joins: [] },
    ...(summary.format === undefined ? {} : { tally: counter.tally(0, problem) }),
    ...(problem === undefined ? {} : { problem }),
  };
}
