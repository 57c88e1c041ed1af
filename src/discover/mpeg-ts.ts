/** MPEG transport streams (ISO/IEC 13818-1 §2.4.3): packets of 188 bytes, or 204 with Reed-Solomon bytes behind each. */
import { u16 } from '../capture/decode/bytes.ts';
import type { Continuity } from './sequence.ts';

const SYNC = 0x47;
const NULL_PID = 0x1fff;
const MOST_PIDS = 256;

/**
 * Length of the packets in a payload of which `bytes[start, end)` was captured: 188, 204, or 0 for no transport stream.
 *
 * @param length the payload's length on the wire
 */
export function tsPacketLength(bytes: Uint8Array, start: number, end: number, length: number): 0 | 188 | 204 {
  if (length > 0 && length % 188 === 0 && inSync(bytes, start, end, 188)) return 188;
  if (length > 0 && length % 204 === 0 && inSync(bytes, start, end, 204)) return 204;
  return 0;
}

function inSync(bytes: Uint8Array, start: number, end: number, packetLength: number): boolean {
  if (start >= end) return false;
  for (let at = start; at < end; at += packetLength) if (bytes[at] !== SYNC) return false;
  return true;
}

/** Payloads that a repeated one is looked for among: fewer than the 16 after which counters return. */
const RECENT = 8;

/**
 * Follows the continuity counters of every PID. They have four bits: a loss of 16 packets of a PID is not seen, so `lost` is
 * the least; and datagrams that came in another order look like loss, unless RTP tells the order.
 */
export class TsContinuity {
  /** By PID: the last counter, and 16 when it came twice. */
  readonly #last = new Map<number, number>();
  /** Fingerprints of the last payloads. */
  readonly #recent = new Int32Array(RECENT);
  #turn = 0;
  #received = 0;
  #lost = 0;
  #gaps = 0;
  #duplicates = 0;
  #restarts = 0;

  /** Counts the packets in `bytes[start, end)`, each `packetLength` long; an incomplete last one is left out. */
  count(bytes: Uint8Array, start: number, end: number, packetLength: number): void {
    const packets = Math.floor((end - start + packetLength - 188) / packetLength);
    this.#received += packets;
    if (this.#isRepeated(bytes, start, end, packetLength)) {
      this.#duplicates += packets;
      return;
    }
    for (let at = start; at + 188 <= end; at += packetLength) this.#countPacket(bytes, at);
  }

  /** Forgets the counters: what comes next is known not to follow what came last. */
  reset(): void {
    this.#last.clear();
  }

  get continuity(): Continuity {
    return {
      of: 'mpeg-ts',
      received: this.#received,
      lost: this.#lost,
      gaps: this.#gaps,
      reordered: 0,
      duplicates: this.#duplicates,
      restarts: this.#restarts,
    };
  }

  /** Whether the network delivered this payload a moment ago; told by the beginning of each of its packets. */
  #isRepeated(bytes: Uint8Array, start: number, end: number, packetLength: number): boolean {
    let print = 0x811c9dc5 | 0;
    for (let at = start; at + 188 <= end; at += packetLength) {
      // Null packets are all alike.
      if ((u16(bytes, at + 1) & 0x1fff) === NULL_PID) continue;
      for (let i = 1; i < 24; i++) print = Math.imul(print ^ bytes[at + i]!, 0x01000193);
    }
    if (print === (0x811c9dc5 | 0)) return false;
    if (this.#recent.includes(print)) return true;
    this.#recent[this.#turn++ % RECENT] = print;
    return false;
  }

  #countPacket(bytes: Uint8Array, at: number): void {
    const pid = u16(bytes, at + 1) & 0x1fff;
    const control = bytes[at + 3]!;
    const counter = control & 0x0f;
    if (pid === NULL_PID) return;
    const last = this.#last.get(pid);
    if (last === undefined && this.#last.size === MOST_PIDS) return;
    // The counter stands still in packets without payload, and may jump where the adaptation field says so.
    if ((control & 0x10) === 0) return;
    const announced = (control & 0x20) !== 0 && bytes[at + 4]! > 0 && (bytes[at + 5]! & 0x80) !== 0;
    if (last !== undefined && announced) this.#restarts++;
    else if (last !== undefined) this.#compare(last, counter);
    const isRepeated = last !== undefined && !announced && (last & 0x0f) === counter;
    this.#last.set(pid, isRepeated ? counter | 0x10 : counter);
  }

  /** A packet may be sent twice in a row, not more often: then the counter went round. */
  #compare(last: number, counter: number): void {
    const missing = (counter - last - 1) & 0x0f;
    if (missing === 0) return;
    if (missing === 15 && last < 16) {
      this.#duplicates++;
      return;
    }
    this.#gaps++;
    this.#lost += missing;
  }
}
