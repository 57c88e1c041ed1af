/** This machine as a vantage: the agent is a child process. */
import { startChild } from './child-process.ts';
import { runAgent } from './run-agent.ts';
import type { Vantage } from './vantage.ts';

/** Looks at this machine; nothing is created. */
export function localVantage(): Vantage {
  return {
    kind: 'local',
    description: 'this machine',
    run: (job, onMessage, signal) => runAgent(startChild, job, 'node', onMessage, signal),
    close: () => Promise.resolve(),
  };
}
