/** Runs tshark as the other opinion. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTool } from '../helpers/tools.ts';
import type { Sample } from './corpus.ts';
import { blocks } from './pcapng-blocks.ts';

/** A packet's fields; a field that occurs several times has several values. */
export type Fields<Name extends string> = Readonly<Record<Name, readonly string[]>>;

/** Every field of each packet of a capture file, with reassembly off and checksums verified. */
export function tsharkFields<Name extends string>(file: Uint8Array, names: readonly Name[]): Fields<Name>[] {
  const folder = mkdtempSync(join(tmpdir(), 'kmcast-tshark-'));
  try {
    const path = join(folder, 'capture');
    writeFileSync(path, file);
    const preferences = [
      'ip.defragment:FALSE',
      'ip.check_checksum:TRUE',
      'ipv6.defragment:FALSE',
      'udp.check_checksum:TRUE',
      'udp.try_heuristic_first:FALSE',
    ];
    const argv = ['-n', '-r', path, '-T', 'fields', '-E', 'separator=|', '-E', 'occurrence=a', '-E', 'aggregator=;'];
    const words = [
      ...argv,
      ...preferences.flatMap((preference) => ['-o', preference]),
      ...names.flatMap((name) => ['-e', name]),
    ];
    const text = execFileSync(requireTool('tshark'), words, {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text
      .trimEnd()
      .split('\n')
      .map((line) => fieldsOf(line, names));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The samples as one pcapng file: an interface for each link type. */
export function asPcapng(samples: readonly Sample[]): Uint8Array {
  const writer = blocks('little');
  const linkTypes = [...new Set(samples.map(({ linkType }) => linkType))];
  return Buffer.concat([
    writer.section(),
    ...linkTypes.map((linkType) => writer.interface({ linkType })),
    ...samples.map(({ linkType, data, wireLength }, i) =>
      writer.enhanced(linkTypes.indexOf(linkType), BigInt(i), data, wireLength),
    ),
  ]);
}

function fieldsOf<Name extends string>(line: string, names: readonly Name[]): Fields<Name> {
  const values = line.split('|');
  const fields = {} as Record<Name, readonly string[]>;
  names.forEach((name, i) => {
    fields[name] = values[i] ? values[i].split(';') : [];
  });
  return fields;
}
