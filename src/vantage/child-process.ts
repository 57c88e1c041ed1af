/** Runs a command on this machine as a cluster's exec would. */
import { spawn } from 'node:child_process';
import type { ExecEnd } from '../cluster/cluster.ts';
import type { AgentCommand } from './run-agent.ts';

/** How long a process has, once its stdin was closed, before it is killed. */
const PATIENCE = 1500;

/** Starts the command as a child process. `signal` and the deadline first close its stdin, which ends an agent properly. */
export function startChild({
  command,
  stdin,
  onStdout,
  onStderr,
  onStdin,
  signal,
  deadline,
}: AgentCommand): Promise<ExecEnd> {
  return new Promise((resolve) => {
    const [file = '', ...args] = command;
    // In a session of its own, so that an interrupt from the keyboard reaches it only by us: it still says what it found.
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    let cut = '';
    let killer: NodeJS.Timeout | undefined;
    const stop = (why: string): void => {
      cut ||= why;
      child.stdin.destroy();
      killer ??= setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    };
    const abort = (): void => stop('interrupted');
    const timer = setTimeout(stop, deadline, 'no end within its time');
    const finish = (end: ExecEnd): void => {
      clearTimeout(timer);
      clearTimeout(killer);
      signal?.removeEventListener('abort', abort);
      child.stdin.destroy();
      resolve(end);
    };
    child.stdout.on('data', (chunk: Uint8Array) => {
      const busy = onStdout(chunk);
      if (busy === undefined) return;
      child.stdout.pause();
      busy.then(
        () => child.stdout.resume(),
        () => stop('its output could not be passed on'),
      );
    });
    child.stderr.on('data', onStderr);
    // A program that ends without reading its stdin is no error of ours.
    child.stdin.on('error', () => {});
    child.on('error', (error) => finish({ kind: 'not-started', message: error.message }));
    child.on('close', (code, name) => {
      if (code !== null && !cut) finish({ kind: 'exited', code });
      else finish({ kind: 'interrupted', message: cut || `ended by ${name}` });
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    child.stdin.write(stdin);
    onStdin?.((data) => child.stdin.writable && child.stdin.write(data));
  });
}
