/** Whether a vantage can do what is needed, found by trying: an image's name tells nothing. */
import type { ObserveJob } from '../agent/protocol.ts';
import type { Need } from './ladder.ts';
import type { Vantage } from './vantage.ts';

const TRIAL: ObserveJob = {
  kind: 'observe',
  deadline: 5,
  places: [{ id: 'trial', enter: { kind: 'here' }, look: { duration: 1, groups: [] } }],
};

/** Why the vantage cannot be used for this, or undefined. Rejects when no agent can be started there. */
export async function lookProblem(vantage: Vantage, need: Need, signal?: AbortSignal): Promise<string | undefined> {
  let problem: string | undefined;
  let looked = false;
  const end = await vantage.run(
    TRIAL,
    (message) => {
      if (message.type === 'failed' && message.what === 'look') problem = `it cannot capture: ${message.error}`;
      if (message.type === 'look') looked = true;
    },
    signal,
  );
  if (need === 'read') return end.complete ? undefined : end.problem;
  return looked ? undefined : (problem ?? end.problem ?? 'it cannot capture');
}
