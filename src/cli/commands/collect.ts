import { EXIT } from '../exit.ts';
import { look } from '../look.ts';
import type { LookOptions } from '../options.ts';
import { writeSnapshot } from '../snapshot-file.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';

/** `kmcast collect`: the snapshot to a file, readable by its owner alone. */
export async function collectCommand(
  words: readonly string[],
  options: LookOptions & { readonly write: string },
  globals: GlobalOptions,
): Promise<number> {
  const out = openTerminal(globals);
  const snapshot = await look(words, options, out);
  if (snapshot === undefined) return EXIT.ok;
  await writeSnapshot(snapshot, options.write, out);
  return EXIT.ok;
}
