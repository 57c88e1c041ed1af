/** Whether the stream arrives: what the receiver says in its log. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../cluster/cluster.ts';
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

/** Whether the stream comes within so many milliseconds: two more lines (each is for ten datagrams), of a receiver that may be a new one. */
export async function arrives(stage: Stage, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  let before = await told(stage);
  for (;;) {
    await sleep(100);
    const now = await told(stage);
    if (now < before) before = 0;
    if (now - before >= 2) return true;
    if (Date.now() > end) return false;
  }
}

/** Lines that the receiver said of datagrams, all in all. */
export async function told(stage: Stage): Promise<number> {
  const pod = await stage.receiver();
  if (pod === undefined) return 0;
  return (await logOf(stage, pod)).split('\n').filter((line) => line.startsWith('datagram ')).length;
}
