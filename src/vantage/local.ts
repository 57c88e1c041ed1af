/** This machine as a vantage: the agent is a child process. */
import type { Mode } from '../agent/bootstrap.ts';
import type { Enter } from '../agent/protocol.ts';
import { startChild } from './child-process.ts';
import { runAgent } from './run-agent.ts';
import { runCapture } from './run-capture.ts';
import type { Vantage } from './vantage.ts';

/** Looks at this machine; nothing is created. */
export function localVantage(): Vantage {
  return {
    kind: 'local',
    description: 'this machine',
    run: (job, onMessage, signal, control) => runAgent(startChild, job, modeOf(job.places), onMessage, signal, control),
    capture: (job, taker, signal) => runCapture(startChild, job, modeOf([job]), taker, signal),
    close: () => Promise.resolve(),
  };
}

/**
 * As in a container, an agent that does not enter other namespaces may be Node's, since what runs kmcast runs it; and it has no
 * use for programs of another root than its own.
 */
function modeOf(places: readonly { readonly enter: Enter }[]): Mode {
  return places.every(({ enter }) => enter.kind === 'here') ? 'container' : 'node';
}
