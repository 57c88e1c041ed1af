/** Whether the stream arrives: what the receiver says in its log. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../cluster/cluster.ts';
import { TELLS_EVERY } from './programs.ts';
import { NAMESPACE } from './scene.ts';
import type { Stage } from './stage.ts';

/** The log of a pod's first container; empty while it has none. */
export async function logOf(stage: Pick<Stage, 'cluster'>, pod: KubeObject): Promise<string> {
  try {
    return await stage.cluster.text(`/api/v1/namespaces/${NAMESPACE}/pods/${pod.metadata.name}/log`);
  } catch {
    return '';
  }
}

/** About how many datagrams the receiver's application gets in so many milliseconds; it tells of every tenth. */
export async function arrivals(stage: Stage, milliseconds: number): Promise<number> {
  const before = await count(stage);
  await sleep(milliseconds);
  const after = await count(stage);
  // A receiver that was made anew meanwhile begins at nothing.
  return (after < before ? after : after - before) * TELLS_EVERY;
}

async function count(stage: Stage): Promise<number> {
  const pod = await stage.receiver();
  if (pod === undefined) return 0;
  return (await logOf(stage, pod)).split('\n').filter((line) => line.startsWith('datagram ')).length;
}
