/** Loss, order and duplicates, from sequence numbers that wrap (RFC 3550 §A.1 and §A.3). */

/** What the numbers of a stream tell of its way. */
export interface Continuity {
  /** What is numbered: RTP packets, MPEG-TS packets, or kmcast's own datagrams. */
  readonly of: 'rtp' | 'mpeg-ts' | 'kmcast';
  readonly received: number;
  /** Missing between the first and last that came. */
  readonly lost: number;
  /** Places where at least one is missing, or came late. */
  readonly gaps: number;
  /** Came after a later one. */
  readonly reordered: number;
  readonly duplicates: number;
  /** Times that numbering began anew: the sender restarted, or was silent for long. What was lost there is not known. */
  readonly restarts: number;
}

/** What a number is: the next one; a later one, or the first of a numbering; or late, a duplicate, or far off. */
export type Step = 'next' | 'ahead' | 'aside';

/** How far back a late number is told from a duplicate. */
const WINDOW = 1024;

/** Follows one sender's numbers. */
export class SequenceCounter {
  received = 0;
  gaps = 0;
  reordered = 0;
  duplicates = 0;
  restarts = 0;
  /** Numbers that came next after the one before. */
  inOrder = 0;
  readonly #shift: number;
  readonly #furthest: number;
  readonly #seen = new Int32Array(WINDOW / 32);
  /** The highest number so far, how far it is from the first, and how far before the first one came. */
  #highest = 0;
  #span = -1;
  #before = 0;
  /** Of this numbering; and lost in those before it. */
  #unique = 0;
  #lostBefore = 0;
  /** The number that would confirm a new numbering. */
  #suspect = -1;

  /** @param bits width of the numbers. A jump of 3000 and more is a restart for 16 bits (MAX_DROPOUT), of 2^24 for 32. */
  constructor(bits: 16 | 32) {
    this.#shift = 32 - bits;
    this.#furthest = bits === 16 ? 3000 : 1 << 24;
  }

  get lost(): number {
    return this.#lostBefore + Math.max(0, this.#span + 1 + this.#before - this.#unique);
  }

  count(sequence: number): Step {
    if (this.#span < 0) return this.#begin(sequence);
    // Signed distance in the numbers' own width.
    const distance = ((sequence - this.#highest) << this.#shift) >> this.#shift;
    if (distance > 0 && distance < this.#furthest) return this.#advance(sequence, distance);
    if (distance <= 0 && distance > -WINDOW) return this.#late(sequence, distance);
    if (sequence === this.#suspect) return this.#restart(sequence);
    this.#suspect = ((sequence + 1) << this.#shift) >>> this.#shift;
    return 'aside';
  }

  #begin(sequence: number): Step {
    this.#seen.fill(0);
    this.#highest = sequence;
    this.#span = 0;
    this.#before = 0;
    this.#unique = 0;
    this.#suspect = -1;
    this.#take(sequence);
    return 'ahead';
  }

  #advance(sequence: number, distance: number): Step {
    if (distance === 1) this.inOrder++;
    else this.gaps++;
    for (let i = Math.max(1, distance - WINDOW + 1); i <= distance; i++) this.#forget(this.#highest + i);
    this.#highest = sequence;
    this.#span += distance;
    this.#take(sequence);
    return distance === 1 ? 'next' : 'ahead';
  }

  #late(sequence: number, distance: number): Step {
    if (this.#wasSeen(sequence)) {
      this.duplicates++;
      return 'aside';
    }
    this.reordered++;
    this.#before = Math.max(this.#before, -distance - this.#span);
    this.#take(sequence);
    return 'aside';
  }

  /** Two numbers in a row far from the others: the sender counts anew, and the first of the two was already its. */
  #restart(sequence: number): Step {
    this.#lostBefore = this.lost;
    this.restarts++;
    this.#begin(sequence - 1);
    this.count(sequence);
    return 'ahead';
  }

  #take(sequence: number): void {
    this.received++;
    this.#unique++;
    this.#seen[(sequence & (WINDOW - 1)) >> 5]! |= 1 << (sequence & 31);
  }

  #forget(sequence: number): void {
    this.#seen[(sequence & (WINDOW - 1)) >> 5]! &= ~(1 << (sequence & 31));
  }

  #wasSeen(sequence: number): boolean {
    return ((this.#seen[(sequence & (WINDOW - 1)) >> 5]! >>> (sequence & 31)) & 1) === 1;
  }
}

/** One continuity of several senders' numbers. */
export function sumContinuity(of: Continuity['of'], counters: Iterable<SequenceCounter>): Continuity {
  const sum = { of, received: 0, lost: 0, gaps: 0, reordered: 0, duplicates: 0, restarts: 0 };
  for (const counter of counters) {
    sum.received += counter.received;
    sum.lost += counter.lost;
    sum.gaps += counter.gaps;
    sum.reordered += counter.reordered;
    sum.duplicates += counter.duplicates;
    sum.restarts += counter.restarts;
  }
  return sum;
}
