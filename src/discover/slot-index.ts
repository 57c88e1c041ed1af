/** A hash index of a bounded table: open addressing over the table's slots, at most half full, with removal by moving back. */
export class SlotIndex {
  /** Slot + 1, or 0 for an empty place. */
  readonly #places: Int32Array;
  readonly #mask: number;
  readonly #hashes: Int32Array;
  readonly #isSame: (slot: number) => boolean;

  /**
   * @param limit number of slots
   * @param isSame whether the slot holds the key that is looked for
   */
  constructor(limit: number, isSame: (slot: number) => boolean) {
    const size = 2 ** Math.ceil(Math.log2(limit * 2));
    this.#places = new Int32Array(size);
    this.#mask = size - 1;
    this.#hashes = new Int32Array(limit);
    this.#isSame = isSame;
  }

  /** The slot of the key, or -1. */
  find(hash: number): number {
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const slot = this.#places[place]! - 1;
      if (slot < 0) return -1;
      if (this.#hashes[slot] === hash && this.#isSame(slot)) return slot;
    }
  }

  /** Adds a slot whose key is not there yet. */
  add(hash: number, slot: number): void {
    let place = hash & this.#mask;
    while (this.#places[place] !== 0) place = (place + 1) & this.#mask;
    this.#places[place] = slot + 1;
    this.#hashes[slot] = hash;
  }

  /** Removes a slot, and closes the gap that it leaves in its chain. */
  remove(slot: number): void {
    let gap = this.#hashes[slot]! & this.#mask;
    while (this.#places[gap] !== slot + 1) gap = (gap + 1) & this.#mask;
    for (let place = (gap + 1) & this.#mask; this.#places[place] !== 0; place = (place + 1) & this.#mask) {
      const home = this.#hashes[this.#places[place]! - 1]! & this.#mask;
      // What is already between its home and the gap may stay; the rest moves into the gap.
      if (((place - home) & this.#mask) < ((place - gap) & this.#mask)) continue;
      this.#places[gap] = this.#places[place]!;
      gap = place;
    }
    this.#places[gap] = 0;
  }
}
