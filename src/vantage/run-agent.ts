/** Runs one job by an agent, wherever commands can be run: starts it, reads what it says, and tells how it ended. */
import { bootstrap, type Mode } from '../agent/bootstrap.ts';
import type { AgentControl } from '../agent/control.ts';
import { AgentOutput } from '../agent/output.ts';
import type { AgentMessage, ObserveJob } from '../agent/protocol.ts';
import type { ExecEnd } from '../cluster/cluster.ts';
import type { JobEnd } from './vantage.ts';

/** One attempt to run a command; the same for a child process and for an exec in a container. */
export interface AgentCommand {
  readonly command: readonly string[];
  /** Sent first; stdin then stays open until the command ends or `signal` fires. */
  readonly stdin: Uint8Array;
  /** Told how to write more to stdin, once it is open. */
  readonly onStdin?: (write: (data: Uint8Array) => void) => void;
  /** May return a promise: nothing more is read until it resolves. */
  readonly onStdout: (chunk: Uint8Array) => void | Promise<void>;
  readonly onStderr: (chunk: Uint8Array) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds until it is ended by force. */
  readonly deadline: number;
}

/** Runs a command; never rejects but for programming errors. */
export type StartCommand = (command: AgentCommand) => Promise<ExecEnd>;

/** The agent could not be started: nothing there can run it, or the way there failed. `message` says why. */
export class AgentNotStarted extends Error {
  /** Whether the place was reached and has no runtime, so that another container may do better. */
  readonly noRuntime: boolean;
  constructor(message: string, noRuntime: boolean) {
    super(message);
    this.name = 'AgentNotStarted';
    this.noRuntime = noRuntime;
  }
}

const STDERR_LIMIT = 4000;
/** Seconds that an agent has after its own deadline before the connection is cut. */
const GRACE = 3;
/** Statuses of a shell, or of a container runtime, for a program that is not there or cannot be run. */
const NOT_FOUND = [97, 126, 127];

/** Whether a command could not run for want of its program. */
export function isAbsent(end: ExecEnd): boolean {
  return end.kind === 'not-started' || (end.kind === 'exited' && NOT_FOUND.includes(end.code));
}

/** Runs `job`; rejects with AgentNotStarted when no agent said a word. By `control` it may be asked more while it runs. */
export async function runAgent(
  start: StartCommand,
  job: ObserveJob,
  mode: Mode,
  onMessage: (message: AgentMessage) => void,
  signal?: AbortSignal,
  control?: AgentControl,
): Promise<JobEnd> {
  const { commands, stdin, token, runtimes } = bootstrap(job, mode);
  const reasons: string[] = [];
  for (const command of commands) {
    const talk = listen(token, onMessage);
    const deadline = (job.deadline + GRACE) * 1000;
    const { onStdout, onStderr } = talk;
    const end = await start({
      command,
      stdin,
      deadline,
      onStdout,
      onStderr,
      ...(signal ? { signal } : {}),
      ...(control ? { onStdin: (write) => control.attach(write) } : {}),
    });
    const { greeted, reason, stderr } = talk.finish();
    if (greeted) return describeEnd(reason, end, stderr);
    const problem = [describe(end), stderr].filter(Boolean).join(': ');
    reasons.push(`${command[0]}: ${problem}`);
    if (!isAbsent(end) || signal?.aborted) throw new AgentNotStarted(problem, false);
  }
  throw new AgentNotStarted(`no ${runtimes} there (${reasons.join('; ')})`, true);
}

/** Gathers what one attempt says. */
function listen(token: string, onMessage: (message: AgentMessage) => void) {
  let greeted = false;
  let reason: string | undefined;
  let stderr = '';
  const output = new AgentOutput(token, (message) => {
    greeted ||= message.type === 'hello';
    if (message.type === 'end') reason = message.reason;
    onMessage(message);
  });
  return {
    onStdout: (chunk: Uint8Array): void => output.push(chunk),
    onStderr: (chunk: Uint8Array): void => {
      stderr = (stderr + Buffer.from(chunk).toString()).slice(-STDERR_LIMIT);
    },
    finish: () => {
      output.end();
      return { greeted, reason, stderr: stderr.trim() };
    },
  };
}

function describeEnd(reason: string | undefined, end: ExecEnd, stderr: string): JobEnd {
  if (reason === 'finished') return { complete: true };
  const problem =
    reason === 'deadline'
      ? 'the agent reached its deadline'
      : ['the agent was cut off', describe(end), stderr].filter(Boolean).join(': ');
  return { complete: false, problem };
}

/** Words for an end that was not a good one; empty for one that was. */
export function describe(end: ExecEnd): string {
  if (end.kind === 'exited') return end.code === 0 ? '' : `exit status ${end.code}`;
  return end.message;
}
