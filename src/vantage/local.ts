/** This machine as a vantage: the agent is a child process. */
import { startChild } from './child-process.ts';
import { runAgent } from './run-agent.ts';
import { runCapture } from './run-capture.ts';
import type { Vantage } from './vantage.ts';

/** Looks at this machine; nothing is created. */
export function localVantage(): Vantage {
  return {
    kind: 'local',
    description: 'this machine',
    run: (job, onMessage, signal) => runAgent(startChild, job, 'node', onMessage, signal),
    capture: (job, taker, signal) => runCapture(startChild, job, 'node', taker, signal),
    close: () => Promise.resolve(),
  };
}
