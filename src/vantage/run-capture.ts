/** Runs one capture by an agent: its packets to the taker as they come, with back-pressure, and all of them. */
import { captureBootstrap, type Mode } from '../agent/bootstrap.ts';
import type { CaptureJob, CaptureMessage } from '../agent/capture-job.ts';
import { AgentNotStarted, describe, isAbsent, type StartCommand } from './run-agent.ts';
import { tcpdumpMessage } from './tcpdump-words.ts';

/** Takes what a capture gives. */
export interface CaptureTaker {
  /** The next bytes of the capture, pcapng or pcap. May return a promise: nothing more is read until it resolves. */
  readonly onBytes: (chunk: Uint8Array) => void | Promise<void>;
  readonly onMessage: (message: CaptureMessage) => void;
}

/** How a capture ended: by its own limits, or cut off (then `problem` says by what). */
export interface CaptureEnd {
  readonly complete: boolean;
  readonly problem?: string;
}

const STDERR_LIMIT = 4000;
/** Seconds that an agent has after its deadline before the connection is cut. */
const GRACE = 6;

/** Rejects with AgentNotStarted when no agent began to capture: `noRuntime` where another container may do better. */
export async function runCapture(
  start: StartCommand,
  job: CaptureJob,
  mode: Mode,
  taker: CaptureTaker,
  signal?: AbortSignal,
): Promise<CaptureEnd> {
  const { commands, stdin, runtimes } = captureBootstrap(job, mode);
  const reasons: string[] = [];
  for (const command of commands) {
    const talk = listen(taker, job, signal);
    const deadline = (job.deadline + GRACE) * 1000;
    const { onStdout, onStderr } = talk;
    const end = await start({ command, stdin, deadline, onStdout, onStderr, signal: talk.done });
    const { began, whole, refused, words } = talk.finish();
    if (refused !== undefined) throw new AgentNotStarted(refused, false);
    const problem = [describe(end), words].filter(Boolean).join(': ');
    if (began) return whole ? { complete: true } : { complete: false, problem: problem || 'it was cut off' };
    reasons.push(`${command[0]}: ${problem}`);
    if (!isAbsent(end) || signal?.aborted) throw new AgentNotStarted(problem, false);
  }
  throw new AgentNotStarted(`no ${runtimes} there (${reasons.join('; ')})`, true);
}

/** Gathers what one attempt says. `done` fires when all is here: the agent waits for that. */
function listen(taker: CaptureTaker, job: CaptureJob, signal: AbortSignal | undefined) {
  const over = new AbortController();
  const abort = (): void => over.abort();
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  let began = false;
  let refused: string | undefined;
  let received = 0;
  let expected = Number.POSITIVE_INFINITY;
  let ended = false;
  let words = '';
  let line = '';
  const endWhenWhole = (): void => {
    if (received >= expected) over.abort();
  };
  const hear = (text: string): void => {
    const message =
      parseMessage(text) ?? (job.tcpdump === undefined ? undefined : tcpdumpMessage(text, job.interfaces));
    if (message === undefined) {
      words = `${words}${text}\n`.slice(-STDERR_LIMIT);
      return;
    }
    began ||= message.type === 'began';
    if (message.type === 'refused') refused = message.error;
    taker.onMessage(message);
    if (message.type === 'end') {
      ended = true;
      expected = message.bytes ?? expected;
    }
    endWhenWhole();
  };
  return {
    done: over.signal,
    onStdout: (chunk: Uint8Array): void | Promise<void> => {
      const taken = (): void => {
        received += chunk.length;
        endWhenWhole();
      };
      const busy = taker.onBytes(chunk);
      if (busy !== undefined) return busy.then(taken);
      taken();
    },
    onStderr: (chunk: Uint8Array): void => {
      const lines = (line + Buffer.from(chunk).toString()).split('\n');
      line = lines.pop() ?? '';
      for (const text of lines) hear(text);
    },
    finish: () => {
      signal?.removeEventListener('abort', abort);
      if (line !== '') hear(line);
      const whole = received >= expected || (ended && expected === Number.POSITIVE_INFINITY);
      return { began, whole, refused, words: words.trim() };
    },
  };
}

function parseMessage(line: string): CaptureMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // The agent is ours: what has a type is one of its messages.
    return typeof value === 'object' && value !== null && 'type' in value ? (value as CaptureMessage) : undefined;
  } catch {
    return undefined;
  }
}
