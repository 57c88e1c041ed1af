/** What commands that look into a cluster or a wire have in common: a time limit, signals, and removing what was created, whatever happens. */
import { setMaxListeners } from 'node:events';
import type { Cluster } from '../cluster/cluster.ts';
import { newRunId } from '../cluster/owned.ts';
import type { FoundTargets } from '../facts/api/targets.ts';
import { Openings } from '../vantage/openings.ts';
import { UserError } from './exit.ts';
import type { AccessOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Seconds that what was created may live beyond the time asked for; the cluster itself ends it then. */
const GRACE = 20;

export interface Session {
  readonly signal: AbortSignal;
  /** Ways into these targets; closed when the session ends. */
  access(cluster: Cluster, found: Pick<FoundTargets, 'pods'>): Openings;
}

export interface SessionWishes {
  /** Milliseconds until it is ended by force. */
  readonly timeout: number;
  /** Told of the first interrupt: true when it sees to the end itself. */
  readonly onInterrupt?: () => boolean;
}

/** Runs `work`, and ends when it ends, the time is over or the operator interrupts: then it rejects with the reason. */
export async function withSession<T>(
  options: AccessOptions,
  out: Terminal,
  { timeout, onInterrupt }: SessionWishes,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  // Every connection listens to it.
  setMaxListeners(0, abort.signal);
  let isAsked = false;
  const stop = (): void => {
    if (!isAsked && onInterrupt?.() === true) isAsked = true;
    else abort.abort(new DOMException('interrupted', 'AbortError'));
  };
  const timer = setTimeout(
    () => abort.abort(new UserError(`no verdict within ${timeout / 1000} s`, { hint: 'allow more with --timeout' })),
    Math.min(timeout, LONGEST),
  );
  for (const signal of SIGNALS) process.on(signal, stop);
  const opened: Openings[] = [];
  const session: Session = {
    signal: abort.signal,
    access: (cluster, found) => {
      const openings = new Openings(cluster, {
        ...openingOptions(options, out, abort.signal, timeout),
        namespaces: namespacesFor(cluster, found),
      });
      opened.push(openings);
      return openings;
    },
  };
  try {
    return await Promise.race([work(session), aborted(abort.signal)]);
  } finally {
    clearTimeout(timer);
    if (opened.length > 0) out.progress('removing what was created …');
    await Promise.all(opened.map((openings) => openings.close())).catch((error: Error) =>
      out.say(`something could not be removed (${error.message}); the cluster removes it by itself, or: kmcast clean`),
    );
    out.done();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Of setTimeout. */
const LONGEST = 2 ** 31 - 1;

function openingOptions(options: AccessOptions, out: Terminal, signal: AbortSignal, timeout: number) {
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
function namespacesFor(cluster: Cluster, found: Pick<FoundTargets, 'pods'>): string[] {
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
