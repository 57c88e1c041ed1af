/** Runs jobs by each runtime of the agent as a child process, perhaps in a network namespace, and gathers what it says. */
import { bootstrap, type Mode } from '../../src/agent/bootstrap.ts';
import { SHELL_READER } from '../../src/agent/loaders.ts';
import { AgentOutput } from '../../src/agent/output.ts';
import type { AgentMessage, ObserveJob, Place, Reads } from '../../src/agent/protocol.ts';
import type { ExecEnd } from '../../src/cluster/cluster.ts';
import { startChild } from '../../src/vantage/child-process.ts';

export const RUNTIMES = ['python3', 'perl', 'node', 'sh', 'busybox'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** The message of one type. */
export type Said<T extends AgentMessage['type']> = Extract<AgentMessage, { type: T }>;

export interface Heard {
  readonly messages: readonly AgentMessage[];
  readonly end: ExecEnd;
  readonly stderr: string;
  of<T extends AgentMessage['type']>(type: T): Said<T>[];
}

export interface Options {
  readonly prefix?: readonly string[];
  readonly signal?: AbortSignal;
  readonly mode?: Mode;
  readonly onMessage?: (message: AgentMessage) => void;
}

export async function runOn(runtime: Runtime, job: ObserveJob, options: Options = {}): Promise<Heard> {
  const { commands, stdin, token } = bootstrap(job, options.mode ?? 'container');
  const commandOf: Record<Runtime, readonly string[]> = {
    python3: commands[1]!,
    perl: commands[2]!,
    node: commands[3]!,
    sh: ['sh', '-c', SHELL_READER],
    busybox: ['busybox', 'sh', '-c', SHELL_READER],
  };
  const messages: AgentMessage[] = [];
  const output = new AgentOutput(token, (message) => {
    messages.push(message);
    options.onMessage?.(message);
  });
  let stderr = '';
  const end = await startChild({
    command: [...(options.prefix ?? []), ...commandOf[runtime]],
    stdin,
    onStdout: (chunk) => output.push(chunk),
    onStderr: (chunk) => {
      stderr += Buffer.from(chunk).toString();
    },
    deadline: 20_000,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  output.end();
  return {
    messages,
    end,
    stderr,
    of: <T extends AgentMessage['type']>(type: T) =>
      messages.filter((message): message is Said<T> => message.type === type),
  };
}

export const NO_READS: Reads = { files: [], netlink: [], commands: [], owners: false };

/** A job with one place where the agent is started. */
export function here(parts: Omit<Place, 'id' | 'enter'>, deadline = 10): ObserveJob {
  return { kind: 'observe', deadline, places: [{ id: 'p', enter: { kind: 'here' }, ...parts }] };
}

/** A job that reads. */
export function reading(reads: Partial<Reads>, deadline = 10): ObserveJob {
  return here({ reads: { ...NO_READS, ...reads } }, deadline);
}
