import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { enterLab } from '../../lab/host/enter-lab.ts';
import { UserError } from '../exit.ts';
import { needLab } from './lab-common.ts';

interface ExecOptions {
  readonly name?: string;
  readonly namespace: string;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** `kmcast lab exec`: a command as a machine of the lab, with this terminal. Exit status: the command's, 128 + n for a signal. */
export async function labExec(word: string, command: readonly string[], options: ExecOptions): Promise<number> {
  const lab = needLab(options.name);
  const argv = command.length > 0 ? command : ['sh'];
  const place = lab.ready.places.find(({ name }) => name === word);
  if (place === undefined)
    throw new UserError(`the lab has no ${word}`, {
      hint: `it has ${lab.ready.places.map(({ name }) => name).join(', ')}`,
    });
  const [program = '', ...args] = enterLab(lab, place, process.getuid?.() === 0, argv) ?? [];
  return exitStatus(program, args);
}

function exitStatus(program: string, args: readonly string[]): Promise<number> {
  // The terminal sends its signals to the command as well: this process only waits.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => {});
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, PATH } });
    child.on('error', (error) => reject(new UserError(`${program} could not be run: ${error.message}`)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}
