/** Who sends to which group: a table of bounded size, counted without allocating for a packet. */
import { i32, u16 } from '../capture/decode/bytes.ts';
import type { Packet } from '../capture/decode/packet.ts';
import { SlotIndex } from './slot-index.ts';
import { KEY_WORDS, writeKey } from './source-key.ts';
import { type SourceRow, sourceRow } from './source-row.ts';

/** What no longer has a row: the table was full and these had the fewest packets. A source may be among them several times. */
export interface Overflow {
  readonly rows: number;
  readonly packets: number;
  readonly bytes: number;
}

/** How a table is made. */
export interface SourceTableOptions {
  /** Most rows; 16,384 when absent, which takes about 3 MB. */
  readonly limit?: number;
  /** Of the hash and of the choice of what is evicted; random when absent. */
  readonly seed?: number;
}

/** Rows looked at to find one with few packets. A heavy one goes only when all of these are heavier. */
const SAMPLE = 16;
const TTL_WORDS = 8;

/** Numbers of all rows, one array each: a row is a slot. */
export interface SourceColumns {
  readonly keys: Int32Array;
  readonly packets: Float64Array;
  readonly bytes: Float64Array;
  readonly fragments: Float64Array;
  readonly smallest: Int32Array;
  readonly largest: Int32Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** 256 bits a row. */
  readonly ttls: Int32Array;
  /** Two words a row, upper 2 and lower 4 bytes; and how many were seen, up to 2. */
  readonly macs: Int32Array;
  readonly macCount: Uint8Array;
}

/** Counts packets by source. */
export class SourceTable {
  /** Rows now. */
  size = 0;
  /** Whether the last `count` began a row in its slot. */
  fresh = false;
  readonly #limit: number;
  readonly #seed: number;
  readonly #columns: SourceColumns;
  readonly #index: SlotIndex;
  readonly #key = new Int32Array(KEY_WORDS);
  #random: number;
  #overflow = { rows: 0, packets: 0, bytes: 0 };

  constructor(options: SourceTableOptions = {}) {
    const limit = Math.max(1, options.limit ?? 16_384);
    this.#limit = limit;
    this.#seed = (options.seed ?? Math.random() * 0x7fffffff) | 0;
    this.#random = this.#seed || 1;
    this.#columns = {
      keys: new Int32Array(limit * KEY_WORDS),
      packets: new Float64Array(limit),
      bytes: new Float64Array(limit),
      fragments: new Float64Array(limit),
      smallest: new Int32Array(limit),
      largest: new Int32Array(limit),
      first: new Float64Array(limit),
      last: new Float64Array(limit),
      ttls: new Int32Array(limit * TTL_WORDS),
      macs: new Int32Array(limit * 2),
      macCount: new Uint8Array(limit),
    };
    this.#index = new SlotIndex(limit, (slot) => this.#holdsKey(slot));
  }

  /** What was evicted. Rows' numbers and these together are all that was counted. */
  get overflow(): Overflow {
    return { ...this.#overflow };
  }

  /**
   * Counts a decoded packet and returns its slot, or -1 for one that is not IP. Allocates nothing.
   *
   * @param interfaceIndex any number that stands for the interface
   * @param time in seconds, on any clock
   */
  count(packet: Packet, bytes: Uint8Array, interfaceIndex: number, time: number): number {
    if (packet.family === 0) return -1;
    const hash = writeKey(this.#key, packet, bytes, interfaceIndex, this.#seed);
    const found = this.#index.find(hash);
    this.fresh = found < 0;
    const slot = found < 0 ? this.#begin(hash, time) : found;
    const columns = this.#columns;
    const length = Math.min(packet.ipEnd, packet.wireEnd) - packet.ip;
    columns.packets[slot]!++;
    columns.bytes[slot]! += length;
    if (length < columns.smallest[slot]!) columns.smallest[slot] = length;
    if (length > columns.largest[slot]!) columns.largest[slot] = length;
    if (time < columns.first[slot]!) columns.first[slot] = time;
    if (time > columns.last[slot]!) columns.last[slot] = time;
    if (packet.moreFragments || packet.fragmentOffset > 0) columns.fragments[slot]!++;
    columns.ttls[slot * TTL_WORDS + (packet.ttl >> 5)]! |= 1 << (packet.ttl & 31);
    if (packet.sourceMac >= 0) this.#noteMac(slot, u16(bytes, packet.sourceMac), i32(bytes, packet.sourceMac + 2));
    return slot;
  }

  /** Rows, most packets first: all, or so many. */
  rows(limit = this.size): SourceRow[] {
    const { packets, bytes } = this.#columns;
    const slots = Array.from({ length: this.size }, (_, slot) => slot);
    slots.sort((a, b) => packets[b]! - packets[a]! || bytes[b]! - bytes[a]!);
    return slots.slice(0, limit).map((slot) => this.row(slot));
  }

  /** The row in a slot that `count` has returned. */
  row(slot: number): SourceRow {
    return sourceRow(this.#columns, slot);
  }

  #holdsKey(slot: number): boolean {
    const keys = this.#columns.keys;
    for (let i = 0, at = slot * KEY_WORDS; i < KEY_WORDS; i++, at++) if (keys[at] !== this.#key[i]) return false;
    return true;
  }

  #begin(hash: number, time: number): number {
    const slot = this.size < this.#limit ? this.size++ : this.#evict();
    const columns = this.#columns;
    columns.keys.set(this.#key, slot * KEY_WORDS);
    columns.packets[slot] = 0;
    columns.bytes[slot] = 0;
    columns.fragments[slot] = 0;
    columns.smallest[slot] = 0x7fffffff;
    columns.largest[slot] = 0;
    columns.first[slot] = time;
    columns.last[slot] = time;
    columns.ttls.fill(0, slot * TTL_WORDS, (slot + 1) * TTL_WORDS);
    columns.macCount[slot] = 0;
    this.#index.add(hash, slot);
    return slot;
  }

  /** Frees the slot with the fewest packets of a sample; of equals, the one that was silent longest. */
  #evict(): number {
    const { packets, bytes, last } = this.#columns;
    let victim = this.#randomSlot();
    for (let i = 1; i < SAMPLE; i++) {
      const slot = this.#randomSlot();
      const difference = packets[slot]! - packets[victim]!;
      if (difference < 0 || (difference === 0 && last[slot]! < last[victim]!)) victim = slot;
    }
    this.#overflow.rows++;
    this.#overflow.packets += packets[victim]!;
    this.#overflow.bytes += bytes[victim]!;
    this.#index.remove(victim);
    return victim;
  }

  /** xorshift32. */
  #randomSlot(): number {
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    return (this.#random >>> 0) % this.#limit;
  }

  #noteMac(slot: number, high: number, low: number): void {
    const { macs, macCount } = this.#columns;
    if (macCount[slot] === 0) {
      macs[slot * 2] = high;
      macs[slot * 2 + 1] = low;
      macCount[slot] = 1;
    } else if (macs[slot * 2] !== high || macs[slot * 2 + 1] !== low) {
      macCount[slot] = 2;
    }
  }
}
