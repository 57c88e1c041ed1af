import { existsSync } from 'node:fs';
import { endLab } from '../../lab/host/end.ts';
import { labFolder, labNames, thisUser } from '../../lab/host/folder.ts';
import { withLabLock } from '../../lab/host/lock.ts';
import { DEFAULT_LAB } from '../../lab/host/shape.ts';
import { EXIT } from '../exit.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';
import { asUserError } from './lab-common.ts';

/** Milliseconds to wait for another command that works on the lab. */
const PATIENCE = 60_000;

/** `kmcast lab down`: nothing of it is left. Exit status 0, also when there was none. */
export async function labDownCommand(
  name: string = DEFAULT_LAB,
  globals: GlobalOptions,
  options: { readonly all?: boolean } = {},
): Promise<number> {
  const out = openTerminal(globals);
  const names = options.all === true ? labNames(thisUser()) : [name];
  for (const one of names) {
    const folder = labFolder(thisUser(), one);
    const wasRunning = await asUserError(() =>
      withLabLock(folder, PATIENCE, async () => existsSync(folder) && endLab(folder)),
    );
    out.say(wasRunning ? `the lab ${one} is down` : `no lab ${one} is up`);
  }
  if (names.length === 0) out.say('no lab is up');
  return EXIT.ok;
}
