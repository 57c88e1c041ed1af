import { EXIT } from '../exit.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';
import { needLab } from './lab-common.ts';

/** `kmcast lab kubeconfig`: its path. */
export async function labKubeconfig(name: string | undefined, globals: GlobalOptions): Promise<number> {
  await openTerminal(globals).write(`${needLab(name).ready.kubeconfig}\n`);
  return EXIT.ok;
}

/** `kmcast lab env`: for `eval` in a POSIX shell. */
export async function labEnv(name: string | undefined, globals: GlobalOptions): Promise<number> {
  const path = needLab(name).ready.kubeconfig.replaceAll("'", "'\\''");
  await openTerminal(globals).write(`export KUBECONFIG='${path}'\n`);
  return EXIT.ok;
}
