/** This machine as a vantage: the agent is a child process. */
import type { Mode } from '../agent/bootstrap.ts';
import type { ObserveJob } from '../agent/protocol.ts';
import { startChild } from './child-process.ts';
import { runAgent } from './run-agent.ts';
import { runCapture } from './run-capture.ts';
import type { Vantage } from './vantage.ts';

/** Looks at this machine; nothing is created. */
export function localVantage(): Vantage {
  return {
    kind: 'local',
    description: 'this machine',
    run: (job, onMessage, signal, control) => runAgent(startChild, job, modeOf(job), onMessage, signal, control),
    capture: (job, taker, signal) => runCapture(startChild, job, 'node', taker, signal),
    close: () => Promise.resolve(),
  };
}

/** As in a container, an agent that does not enter other namespaces may be Node's: what runs kmcast runs it. */
function modeOf(job: ObserveJob): Mode {
  return job.places.every(({ enter }) => enter.kind === 'here') ? 'container' : 'node';
}
