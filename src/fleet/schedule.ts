/** When the agents of a fleet send: in waves, so that no receiver is given more than it can count. */

/** Milliseconds, but for `atOnce`. */
export interface Schedule {
  /** Senders of one wave. */
  readonly atOnce: number;
  /** From one wave to the next. */
  readonly wave: number;
  /** From the sign to begin until the first wave: an agent whose pod is taken away at once sends nothing. */
  readonly delay: number;
  /** From the sign to begin until an agent ends at the latest. */
  readonly window: number;
}

/** Datagrams a second, of all senders together: an agent in Python counts some ten times as many on a slow core. */
const TOGETHER = 5000;
const DELAY = 1000;
/** For what is late after the last datagram. */
const LATE = 1000;
/** How much later than the first the last agent may be told to begin: so much, and for each agent so much more. */
const SPREAD = 4000;
const SPREAD_EACH = 20;
/** Milliseconds that the sending of a whole matrix should take at most, where the operator did not say how many datagrams. */
const SENDING = 10_000;
const LEAST = 10;

export function scheduleOf(
  senders: number,
  agents: number,
  test: { readonly count: number; readonly rate: number },
): Schedule {
  const atOnce = Math.max(1, Math.min(senders, Math.floor(TOGETHER / test.rate)));
  const wave = Math.ceil((test.count / test.rate) * 1000);
  const sending = Math.ceil(senders / atOnce) * wave;
  return { atOnce, wave, delay: DELAY, window: DELAY + sending + SPREAD + SPREAD_EACH * agents + LATE };
}

/** Datagrams of each sender, so that a matrix ends in time: `usual`, or fewer where there are many senders. */
export function countFor(senders: number, usual: number): number {
  const most = Math.floor(((SENDING / 1000) * TOGETHER) / Math.max(1, senders));
  return Math.max(LEAST, Math.min(usual, most));
}
