// What arrived of one sender: received, duplicates, order, latency. The same as python/account.py.

const WINDOW = 1 << 14;
const SAMPLES = 4096;

/** Numbers are 32 bits wide and wrap. A late one is told from a duplicate up to WINDOW numbers back; older ones are stale. */
class Account {
  received = 0;
  bytes = 0;
  began = 0;
  ended = 0;
  duplicates = 0;
  reordered = 0;
  stale = 0;
  /** The first number that came; how many numbers came at all, and how many of them from before the first. */
  first = undefined;
  unique = 0;
  below = 0;
  /** Distance of the highest number from the first. */
  span = 0;
  highest = 0;
  seen = undefined;
  least = Infinity;
  most = -Infinity;
  total = 0;
  samples = [];

  /** Takes the number of a datagram. */
  number(value) {
    this.received++;
    const step = (value - this.highest) >>> 0;
    if (step === 1 && this.unique > 0) {
      this.highest = value;
      this.span++;
      this.unique++;
      this.seen[value & (WINDOW - 1)] = 1;
    } else if (this.first === undefined) {
      this.seen = new Uint8Array(WINDOW);
      this.first = value;
      this.advance(value, 0);
    } else if (step > 0 && step < 2 ** 31) this.advance(value, step);
    else this.late(value, (this.highest - value) >>> 0);
  }

  advance(value, step) {
    if (step >= WINDOW) this.seen.fill(0);
    else for (let ahead = 1; ahead < step; ahead++) this.seen[(this.highest + ahead) & (WINDOW - 1)] = 0;
    this.highest = value;
    this.span += step;
    this.unique++;
    this.seen[value & (WINDOW - 1)] = 1;
  }

  late(value, back) {
    if (back >= WINDOW) this.stale++;
    else if (this.seen[value & (WINDOW - 1)] === 1) this.duplicates++;
    else {
      this.seen[value & (WINDOW - 1)] = 1;
      this.reordered++;
      this.unique++;
      if (back > this.span) this.below++;
    }
  }

  /** `at`: microseconds of arrival. */
  time(at, size) {
    this.began ||= at;
    this.ended = at;
    this.bytes += size;
  }

  /** Arrival minus sending, by two clocks, in microseconds. */
  delay(value) {
    this.total += value;
    if (value < this.least) this.least = value;
    if (value > this.most) this.most = value;
    if (this.samples.length < SAMPLES) this.samples.push(value);
  }

  told() {
    const { received, bytes, began, ended } = this;
    const counted = { received, bytes, began, ended };
    if (this.first === undefined) return counted;
    const { first, highest, unique, below, span, duplicates, reordered, stale } = this;
    const missing = span + 1 - (unique - below);
    const numbers = { first, highest, unique, below, missing, duplicates, reordered, stale };
    if (this.samples.length === 0) return { ...counted, ...numbers };
    const samples = [...this.samples].sort((a, b) => a - b);
    const at = (share) => samples[Math.floor(samples.length * share)];
    const { least, most, total } = this;
    const delay = { least, most, mean: Math.round(total / received), median: at(0.5), p99: at(0.99) };
    return { ...counted, ...numbers, delay };
  }
}

module.exports = { Account };
