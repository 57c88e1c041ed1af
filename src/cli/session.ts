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
  /** Seconds after which the cluster itself ends what was created. */
  readonly seconds: number;
  /** Has something removed when the session ends. */
  removing(close: () => Promise<void>): void;
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
  const seconds = Math.ceil(timeout / 1000) + GRACE;
  const closing: (() => Promise<void>)[] = [];
  const session: Session = {
    signal: abort.signal,
    seconds,
    removing: (close) => closing.push(close),
    access: (cluster, found) => {
      const openings = new Openings(cluster, {
        ...openingOptions(options, out, abort.signal, seconds),
        namespaces: homesOf(
          cluster,
          found.pods.flatMap(({ pod }) => pod.metadata.namespace ?? []),
        ),
      });
      closing.push(() => openings.close());
      return openings;
    },
  };
  try {
    return await Promise.race([work(session), aborted(abort.signal)]);
  } finally {
    clearTimeout(timer);
    if (closing.length > 0) out.progress('removing what was created …');
    await Promise.all(closing.map((close) => close())).catch((error: Error) =>
      out.say(`something could not be removed (${error.message}); the cluster removes it by itself, or: kmcast clean`),
    );
    out.done();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Of setTimeout. */
const LONGEST = 2 ** 31 - 1;

function openingOptions(options: AccessOptions, out: Terminal, signal: AbortSignal, seconds: number) {
  return {
    run: newRunId(),
    ...(options.vantage === undefined ? {} : { force: options.vantage }),
    privileged: options.privileged,
    dryRun: options.dryRun === true,
    ...(options.image === undefined ? {} : { image: options.image }),
    seconds,
    announce: out.say,
    signal,
  };
}

/** Where pods with rights may be made: in kmcast's own namespace where one is named or there, else beside the target, else where system pods are. */
export function homesOf(cluster: Cluster, namespaces: readonly string[]): string[] {
  const own = process.env.KMCAST_NAMESPACE;
  return [
    ...new Set([
      ...(own === undefined || own === '' ? [] : [own]),
      ...namespaces,
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
