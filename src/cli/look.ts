/** What doctor, routes and collect have in common: connect, look, remove what was created, whatever happens. */

import type { Cluster } from '../cluster/cluster.ts';
import { connect } from '../cluster/connect.ts';
import { newRunId } from '../cluster/owned.ts';
import { type CollectWishes, collect } from '../facts/collect.ts';
import { collectLocal } from '../facts/collect-local.ts';
import { LOOK } from '../facts/observe/jobs.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { Openings } from '../vantage/openings.ts';
import { EXIT, UserError } from './exit.ts';
import { type LookOptions, targetsOf } from './options.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

/** Seconds that what was created may live beyond the time asked for; the cluster itself ends it then. */
const GRACE = 20;

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
  const abort = new AbortController();
  const stop = () => abort.abort(new DOMException('interrupted', 'AbortError'));
  // A long watch is no reason to be late: it needs its own time, and some to get in and to clean up.
  const timeout = options.for === undefined ? options.timeout : Math.max(options.timeout, options.for + 30_000);
  const timer = setTimeout(
    () => abort.abort(new UserError(`no verdict within ${timeout / 1000} s`, { hint: 'allow more with --timeout' })),
    timeout,
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const opened: Openings[] = [];
  try {
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
    if (cluster === undefined) return await collectLocal(wishes, abort.signal);
    const working = collect(cluster, wishes, {
      access: (found) => {
        const openings = new Openings(cluster, {
          ...openingOptions(options, out, abort.signal, timeout),
          namespaces: namespacesFor(cluster, found),
        });
        opened.push(openings);
        return openings;
      },
      announce: out.say,
      signal: abort.signal,
    });
    const snapshot = await Promise.race([working, aborted(abort.signal)]);
    return options.dryRun === true ? undefined : snapshot;
  } finally {
    clearTimeout(timer);
    out.progress('removing what was created …');
    await Promise.all(opened.map((openings) => openings.close())).catch((error: Error) =>
      out.say(`something could not be removed (${error.message}); the cluster removes it by itself, or: kmcast clean`),
    );
    out.done();
  }
}

function openingOptions(options: LookOptions, out: Terminal, signal: AbortSignal, timeout: number) {
  return {
    run: newRunId(),
    ...(options.vantage === undefined ? {} : { force: options.vantage }),
    privileged: options.privileged,
    dryRun: options.dryRun === true,
    ...(options.image === undefined ? {} : { image: options.image }),
    seconds: Math.ceil(timeout / 1000) + GRACE,
    announce: out.say,
    signal,
  };
}

/** Node pods are made in kmcast's own namespace where one is named or there, else beside the target, else where system pods are. */
function namespacesFor(
  cluster: Cluster,
  found: { readonly pods: readonly { readonly pod: { readonly metadata: { readonly namespace?: string } } }[] },
): string[] {
  const own = process.env.KMCAST_NAMESPACE;
  const targets = found.pods.flatMap(({ pod }) => pod.metadata.namespace ?? []);
  return [
    ...new Set([
      ...(own === undefined || own === '' ? [] : [own]),
      ...targets,
      cluster.namespace,
      'kmcast',
      'kube-system',
    ]),
  ];
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
