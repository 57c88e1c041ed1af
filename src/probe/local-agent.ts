/** The node agent as a child of kmcast, by the Node that runs kmcast: sending and receiving on this machine needs nothing else. */
import { randomBytes } from 'node:crypto';
import type { AgentControl } from '../agent/control.ts';
import { NODE_LOADER } from '../agent/loaders.ts';
import type { AgentMessage, Place } from '../agent/protocol.ts';
import { startChild } from '../vantage/child-process.ts';
import { runAgent } from '../vantage/run-agent.ts';
import type { JobEnd } from '../vantage/vantage.ts';

/** Seconds that an agent lives at most when nothing else bounds it. */
const WEEK = 7 * 86_400;

/** Milliseconds for the agent to start and to say its last words. */
const ROOM = 10_000;

/** Milliseconds that stand for "until interrupted". */
export const FOREVER = WEEK * 1000 - ROOM;

/** Id of a run: 16 hexadecimal digits. */
export function newRun(): string {
  return randomBytes(8).toString('hex');
}

/** Runs one place's job here. `duration`: milliseconds. */
export function runLocal(
  part: Pick<Place, 'receive' | 'send'>,
  duration: number,
  onMessage: (message: AgentMessage) => void,
  control: AgentControl,
): Promise<JobEnd> {
  return runAgent(
    (command) => startChild({ ...command, command: [process.execPath, '-e', NODE_LOADER] }),
    {
      kind: 'observe',
      deadline: Math.ceil((duration + ROOM) / 1000),
      places: [{ id: 'local', enter: { kind: 'here' }, ...part }],
    },
    'container',
    onMessage,
    undefined,
    control,
  );
}
