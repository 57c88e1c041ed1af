/** A further process in a running container. */
import { spawn } from 'node:child_process';
import { StatusError } from '../store.ts';
import { handedOver, processArguments, toolFiles } from './container-process.ts';
import { resolveIn, whyNotExecutable } from './find-executable.ts';
import { type End, endOf } from './held-process.ts';
import { allOf, enter } from './namespaces.ts';
import { newId } from './sandbox.ts';
import type { CreatedContainer } from './start-container.ts';
import { makeStreams, type Streams } from './streams.ts';
import { terminalCommand } from './terminal.ts';
import { openTool } from './tools.ts';

export interface ExecWishes {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
}

export interface ExecProcess extends Pick<Streams, 'stdin' | 'stdout' | 'stderr'> {
  readonly ended: Promise<End>;
  kill(): void;
}

/**
 * Starts it with the container's user, capabilities, environment and working directory.
 * @throws StatusError 500 InternalError where there is no such program, as containerd and the API server say it
 */
export async function execIn(
  { node, process: { pid }, plan }: CreatedContainer,
  wishes: ExecWishes,
): Promise<ExecProcess> {
  const root = `/proc/${pid}/root`;
  const environment = wishes.tty ? new Map([...plan.environment, ['TERM', 'xterm']]) : plan.environment;
  const path = environment.get('PATH') ?? '';
  const why = await whyNotExecutable(root, wishes.command[0] ?? '', { path, cwd: plan.cwd });
  if (why !== undefined) throw notStarted(why);
  if (wishes.tty && (await resolveIn(root, '/bin/sh')) === undefined) {
    throw notStarted(
      'a terminal is made by a shell in the lab, and this container has none: exec without a terminal (-t)',
    );
  }
  const command = wishes.tty ? terminalCommand(wishes.command) : wishes.command;
  // Who ends nsenter, which waits for it, ends it too.
  const argv = [
    ...enter(allOf(pid)),
    '/proc/self/fd/4',
    '--pdeathsig=KILL',
    ...processArguments({ ...plan, environment }, command),
  ];
  const files = [...toolFiles(), 'ignore' as const, 'ignore' as const, ...(wishes.tty ? [openTool('script')] : [])];
  const streams = await makeStreams(node, wishes.stdin);
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    stdio: [...streams.files, 'ignore', ...files],
    env: handedOver(environment),
  });
  streams.given();
  const ended = endOf(child).then(async (end) => {
    await streams.drained();
    return end;
  });
  const { stdin, stdout, stderr } = streams;
  return { ...(stdin && { stdin }), stdout, stderr, ended, kill: () => void child.kill('SIGKILL') };
}

function notStarted(why: string): StatusError {
  const runtime = `OCI runtime exec failed: exec failed: unable to start container process: ${why}: unknown`;
  const message = `error executing command in container: failed to exec in container: failed to start exec "${newId()}": ${runtime}`;
  return new StatusError(500, 'InternalError', `Internal error occurred: Internal error occurred: ${message}`);
}
