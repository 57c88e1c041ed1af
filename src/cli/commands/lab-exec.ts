import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { connect } from '../../cluster/connect.ts';
import { MACHINES_KUBECONFIG } from '../../lab/api/kubeconfig.ts';
import { enterLab } from '../../lab/host/enter-lab.ts';
import { childrenOf } from '../../lab/host/processes.ts';
import { parseTarget } from '../../model/target.ts';
import { EXIT, UserError } from '../exit.ts';
import { needLab } from './lab-common.ts';

interface ExecOptions {
  readonly name?: string;
  readonly namespace: string;
}

/** Of the lab's machines; the operator's own may lack /usr/sbin. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Milliseconds that a command in a pod may take. */
const LONGEST = 2 ** 31 - 1;

/** `kmcast lab exec`: a command as a machine of the lab, with this terminal, or in a pod. Exit status: the command's, 128 + n for a signal. */
export async function labExec(word: string, command: readonly string[], options: ExecOptions): Promise<number> {
  const lab = needLab(options.name);
  const { places, switches, kubeconfig } = lab.ready;
  if (word.includes('/')) return execInPod(kubeconfig, word, command, options.namespace);
  const place = [...places, { name: 'lan', pid: switches }].find(({ name }) => name === word);
  if (place === undefined)
    throw new UserError(`the lab ${lab.name} has no machine ${word}`, {
      hint: `it has ${places.map(({ name }) => name).join(', ')} and lan, the switches; a pod is pod/NAME`,
    });
  const argv = enterLab(lab, place, process.getuid?.() === 0, command.length > 0 ? command : ['sh']);
  if (argv === undefined) throw new UserError(`the lab ${lab.name} has just ended`);
  return runHere(argv, join(dirname(kubeconfig), MACHINES_KUBECONFIG));
}

function runHere([program = '', ...args]: readonly string[], kubeconfig: string): Promise<number> {
  // The terminal sends its signals to the command as well: this process only waits.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => {});
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, PATH, KUBECONFIG: kubeconfig } });
    // nsenter waits for the command, and takes note of its end.
    const pass = (signal: NodeJS.Signals): void => {
      const [command = child.pid ?? 0] = childrenOf(child.pid ?? 0);
      process.kill(command, signal);
    };
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, pass);
    child.on('error', (error) => reject(new UserError(`${program} could not be run: ${error.message}`)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

/** As `kubectl exec` without a terminal, for machines that have no kubectl. */
async function execInPod(
  kubeconfig: string,
  word: string,
  command: readonly string[],
  namespace: string,
): Promise<number> {
  const target = parseTarget(word);
  if (typeof target === 'string' || target.kind !== 'pod' || target.name === undefined)
    throw new UserError(`${word} is no pod`, { hint: 'write pod/NAME or pod/NAME/CONTAINER', status: EXIT.usage });
  if (command.length === 0)
    throw new UserError('a pod needs a command after --', {
      hint: `kmcast lab exec ${word} -- ip address`,
      status: EXIT.usage,
    });
  const cluster = await connect({ kubeconfig });
  const end = await cluster.exec({
    namespace,
    pod: target.name,
    ...(target.container === undefined ? {} : { container: target.container }),
    command,
    onStdout: (chunk) => void process.stdout.write(chunk),
    onStderr: (chunk) => void process.stderr.write(chunk),
    deadline: LONGEST,
  });
  if (end.kind === 'exited') return end.code;
  throw new UserError(end.kind === 'not-started' ? end.message : `the command in ${word} was cut off: ${end.message}`);
}
