/** What doctor, routes and collect have in common: connect and look. */

import { connect } from '../cluster/connect.ts';
import { type CollectWishes, collect } from '../facts/collect.ts';
import { collectLocal } from '../facts/collect-local.ts';
import { LOOK } from '../facts/observe/jobs.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { EXIT, UserError } from './exit.ts';
import { type LookOptions, targetsOf } from './options.ts';
import { withSession } from './session.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

/** The snapshot; `undefined` after a dry run. `wire: false` reads without watching the wire. */
export async function look(
  words: readonly string[],
  options: LookOptions,
  out: Terminal,
  kind: { readonly wire: boolean } = { wire: true },
): Promise<Snapshot | undefined> {
  const targets = targetsOf(words);
  if (typeof targets === 'string') throw new UserError(targets, { status: EXIT.usage });
  if (targets.length > 0 && options.selector !== undefined)
    throw new UserError('give names or a selector (-l), not both', { status: EXIT.usage });
  const here = targets.some((target) => target.kind === 'local');
  if (here && targets.length > 1)
    throw new UserError('ask about "local" by itself: it is on no cluster', { status: EXIT.usage });
  const cluster = here ? undefined : await connect(options);
  // A long watch is no reason to be late: it needs its own time, and some to get in and to clean up.
  const timeout = options.for === undefined ? options.timeout : Math.max(options.timeout, options.for + 30_000);
  return withSession(options, out, { timeout }, async (session) => {
    out.progress(here ? 'reading this machine …' : 'reading the cluster …');
    const wishes: CollectWishes = {
      targets,
      written: words,
      namespace: cluster?.namespace ?? '',
      ...(options.selector === undefined ? {} : { selector: options.selector }),
      groups: options.group ?? [],
      ...(options.source === undefined ? {} : { source: options.source }),
      duration: kind.wire ? (options.for ?? LOOK) : 0,
      whole: options.for !== undefined,
      version: VERSION,
      now: new Date(),
    };
    if (cluster === undefined) return collectLocal(wishes, session.signal);
    const snapshot = await collect(cluster, wishes, {
      access: (found) => session.access(cluster, found),
      announce: out.say,
      signal: session.signal,
    });
    return options.dryRun === true ? undefined : snapshot;
  });
}
