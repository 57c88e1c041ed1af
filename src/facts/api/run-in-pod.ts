/** A short command in a container of somebody else's, for what only it can tell. */
import type { Cluster } from '../../cluster/cluster.ts';
import { type Fact, known, unknown } from '../../model/fact.ts';

const DEADLINE = 8_000;
const MOST = 1 << 20;

/** Its standard output (at most 1 MiB) when it ended with status 0. */
export async function runInPod(
  cluster: Cluster,
  where: {
    readonly namespace: string;
    readonly pod: string;
    readonly container: string;
    readonly command: readonly string[];
  },
): Promise<Fact<string>> {
  const output: Uint8Array[] = [];
  const errors: Uint8Array[] = [];
  let size = 0;
  const keep = (list: Uint8Array[]) => (chunk: Uint8Array) => {
    size += chunk.length;
    if (size <= MOST) list.push(chunk);
  };
  try {
    const end = await cluster.exec({ ...where, onStdout: keep(output), onStderr: keep(errors), deadline: DEADLINE });
    if (end.kind === 'exited' && end.code === 0) return known(Buffer.concat(output).toString());
    const said = Buffer.concat(errors).toString().trim().split('\n')[0] ?? '';
    return unknown(
      `${where.command[0]} in pod ${where.pod}: ${end.kind === 'exited' ? said || `status ${end.code}` : end.message}`,
    );
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}
