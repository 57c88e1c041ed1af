/** The snapshot of this machine: no cluster, one namespace. */
import { known, unknown } from '../model/fact.ts';
import { localVantage } from '../vantage/local.ts';
import { type CollectWishes, lookWishes, questionOf } from './collect.ts';
import { jobOf, targetPlace } from './observe/jobs.ts';
import { runJob } from './observe/run.ts';
import { observationOf } from './observe/understand.ts';
import { type ClusterFacts, SCHEMA_VERSION, type Snapshot } from './snapshot.ts';

const APART = 'the target is this machine: no cluster was asked';

const NO_CLUSTER: ClusterFacts = {
  context: 'local',
  podNetwork: unknown(APART),
  metaPlugin: unknown(APART),
  attachments: unknown(APART),
  nodes: unknown(APART),
  namespaces: unknown(APART),
  policies: unknown(APART),
  podAddresses: unknown(APART),
  serviceAddresses: unknown(APART),
  whereabouts: known(false),
};

/** Reads and watches the namespace that kmcast runs in, with the best agent that this machine has. Never joins. */
export async function collectLocal(wishes: CollectWishes, signal: AbortSignal): Promise<Snapshot> {
  const heard = await runJob(
    { vantage: localVantage() },
    { kind: 'local', description: 'this machine' },
    jobOf([targetPlace('local', { kind: 'here' }, lookWishes(wishes))]),
    signal,
  );
  const observation = observationOf(heard.messages, 'local', heard.problem);
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: 'Snapshot',
    kmcastVersion: wishes.version,
    time: wishes.now.toISOString(),
    question: questionOf(wishes),
    cluster: NO_CLUSTER,
    targets: [{ name: 'local', kind: 'local', pod: unknown('the target is no pod'), observation }],
    nodes: [],
    vantages: [heard.record],
  };
}
