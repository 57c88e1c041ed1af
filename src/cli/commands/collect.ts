import { writeFile } from 'node:fs/promises';
import { EXIT, UserError } from '../exit.ts';
import { look } from '../look.ts';
import type { LookOptions } from '../options.ts';
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
  const text = `${JSON.stringify(snapshot, null, 1)}\n`;
  if (options.write === '-') await out.write(text);
  else {
    await writeFile(options.write, text, { mode: 0o600 }).catch((error: Error) => {
      throw new UserError(`the snapshot could not be written: ${error.message}`, {
        hint: 'name a file in a folder that you may write to',
      });
    });
    out.say(
      `wrote ${options.write} (${Math.ceil(text.length / 1024)} KiB); diagnose it anywhere with: kmcast doctor --snapshot ${options.write}`,
    );
  }
  return EXIT.ok;
}
