import { connect } from '../../cluster/connect.ts';
import { findOwned, removeOwned } from '../../cluster/owned.ts';
import { oneLine } from '../../report/printable.ts';
import { EXIT } from '../exit.ts';
import type { ClusterOptions } from '../options.ts';
import { type GlobalOptions, openTerminal } from '../terminal.ts';

/** `kmcast clean`: removes what carries kmcast's label, in one namespace (-n) or all of them. Exit status 3 when something could not be searched or removed. */
export async function clean(
  options: ClusterOptions & { readonly dryRun?: boolean },
  globals: GlobalOptions,
): Promise<number> {
  const out = openTerminal(globals);
  const cluster = await connect(options);
  const { found, refused } = await findOwned(cluster, options.namespace);
  const done = options.dryRun === true ? { removed: [], refused: [] } : await removeOwned(cluster, found);
  const lines = [
    ...found.map(
      (object) =>
        `${options.dryRun === true ? 'would remove' : done.removed.includes(object) ? 'removed' : 'kept'}  ${object.kind} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}`,
    ),
    ...[...refused, ...done.refused].map((r) => `refused  ${oneLine(r.what)}: ${oneLine(r.reason)}`),
  ];
  const searched = options.namespace === undefined ? 'the cluster' : `namespace ${options.namespace}`;
  await out.write(
    `${lines.length > 0 ? lines.join('\n') : `nothing of kmcast's is in ${searched} (ephemeral containers stay in their pod's specification, ended)`}\n`,
  );
  return refused.length + done.refused.length > 0 ? EXIT.noVerdict : EXIT.ok;
}
