/** One start of a container: a process with its own root. */
import type { Readable, Writable } from 'node:stream';
import type { Node } from '../place.ts';
import { whyNotExecutable } from './find-executable.ts';
import { type End, type HeldProcess, startHeld } from './held-process.ts';
import { enter, type Namespaces } from './namespaces.ts';
import { killAllIn, namespaceOf, signal } from './processes.ts';
import { CONTAINER_INIT } from './scripts.ts';
import { makeStreams, type Streams } from './streams.ts';
import { terminalCommand } from './terminal.ts';
import { openTool } from './tools.ts';

/** What a process in the container is given: its own first one, and those that exec adds. */
export interface ProcessPlan {
  /** setpriv's arguments. */
  readonly privileges: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly cwd: string;
}

export interface ContainerPlan extends ProcessPlan {
  readonly command: readonly string[];
  readonly namespaces: Omit<Namespaces, 'mnt' | 'pid'>;
  /** A process in the pid namespace to join; absent: one of its own. */
  readonly sharedPid?: number;
  readonly stdin: boolean;
  readonly tty: boolean;
  /** Paths of the node: the root folder and the mount table. */
  readonly root: string;
  readonly table: string;
}

export interface StartedContainer {
  readonly pid: number;
  readonly stdin?: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<End>;
  /** Executes the container's program. */
  start(): void;
  kill(name: NodeJS.Signals): void;
}

/** Milliseconds that a client which is attached and does not read can hold up a container's end. */
const SLOW_READER = 3000;

/**
 * Makes a container up to the point where its program would start. Rejects in runc's words where that cannot be: a program that
 * is not there, a mount that is refused.
 */
export async function createContainer(node: Node, plan: ContainerPlan): Promise<StartedContainer> {
  const own = plan.sharedPid === undefined;
  const argv = [
    ...enter({ ...plan.namespaces, mnt: node.pid, pid: plan.sharedPid ?? node.pid }),
    ...['unshare', '--mount', '--propagation', 'private', ...(own ? ['--pid', '--fork', '--kill-child'] : [])],
    ...['sh', CONTAINER_INIT, plan.root, plan.table],
    ...processArguments(plan, plan.tty ? terminalCommand(plan.command) : plan.command),
  ];
  const files = [...toolFiles(), openTool('umount'), 'ignore' as const, ...(plan.tty ? [openTool('script')] : [])];
  const streams = await makeStreams(node, plan.stdin);
  const env = handedOver(plan.environment);
  const held = await startHeld(argv, own ? 2 : 1, { stdio: streams.files, files, env }).finally(streams.given);
  const path = plan.environment.get('PATH') ?? '';
  const why = await whyNotExecutable(`/proc/${held.pid}/root`, plan.command[0] ?? '', { path, cwd: plan.cwd });
  if (why !== undefined) {
    signal(held.pid, 'SIGKILL');
    throw new Error(`unable to start container process: ${why}`);
  }
  return containerProcess(held, streams, own);
}

/** The files that processArguments refers to, as files 4 and 5. */
export function toolFiles(): number[] {
  return [openTool('setpriv'), openTool('env')];
}

/**
 * setpriv's and env's arguments: setpriv itself is executed as file 4. They only name what handedOver has, since everybody on the
 * machine can read the arguments of a process (env(1), -S: `\${NAME}` is one word, whatever is in it).
 */
export function processArguments({ privileges, environment, cwd }: ProcessPlan, command: readonly string[]): string[] {
  const references = Array.from({ length: environment.size }, (_, index) => `\${${carrier(index)}}`);
  return [...privileges, '--', '/proc/self/fd/5', '-i', `--chdir=${cwd}`, '-S', references.join(' '), ...command];
}

/**
 * The environment of the programs on the way to a process, for the variables that it is to have: each is the value of one with another
 * name, so that none of them (PATH, LD_PRELOAD) means anything on the way.
 */
export function handedOver(environment: ReadonlyMap<string, string>): NodeJS.ProcessEnv {
  const carried = [...environment].map(([name, value], index) => [carrier(index), `${name}=${value}`]);
  return { ...process.env, ...Object.fromEntries(carried) };
}

function carrier(index: number): string {
  return `KMCAST_VARIABLE_${index}`;
}

function containerProcess(held: HeldProcess, streams: Streams, own: boolean): StartedContainer {
  const { pid, proceed } = held;
  const mounts = namespaceOf(pid, 'mnt');
  let over = false;
  const ended = held.ended.then(async (end) => {
    over = true;
    // Processes in a pid namespace of their own go with its first one; others have to be ended.
    if (!own && mounts !== undefined) killAllIn(mounts);
    await streams.drained(SLOW_READER);
    return end;
  });
  return {
    pid,
    ...(streams.stdin && { stdin: streams.stdin }),
    stdout: streams.stdout,
    stderr: streams.stderr,
    ended,
    start: proceed,
    kill: (name) => {
      if (!over) signal(pid, name);
    },
  };
}
