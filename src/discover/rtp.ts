import { u16, u32 } from '../capture/decode/bytes.ts';
import type { Datagram } from './datagram.ts';
import { type Continuity, SequenceCounter, type Step, sumContinuity } from './sequence.ts';

const HEADER = 12;
/** Synchronisation sources that are followed in one stream of datagrams. */
const MOST_SSRCS = 8;

/** Offset of an RTP packet's payload (RFC 3550 §5.1), or -1 when the datagram cannot be one. */
export function rtpPayload(d: Datagram): number {
  if (d.end - d.start < HEADER || d.bytes[d.start]! >> 6 !== 2) return -1;
  const type = d.bytes[d.start + 1]! & 0x7f;
  // 64 … 95 would be taken for RTCP (RFC 5761 §4); they are not assigned.
  if (type >= 64 && type < 96) return -1;
  const hasExtension = (d.bytes[d.start]! & 0x10) !== 0;
  let at = d.start + HEADER + (d.bytes[d.start]! & 0x0f) * 4;
  if (hasExtension) {
    if (at + 4 > d.end) return -1;
    at += 4 + u16(d.bytes, at + 2) * 4;
  }
  return at <= d.start + d.length ? at : -1;
}

/** Follows the sequence numbers of what looks like RTP, by synchronisation source. */
export class RtpContinuity {
  readonly #bySsrc = new Map<number, SequenceCounter>();
  /** Synchronisation sources beyond those that are followed. */
  #others = 0;

  /** Counts a datagram for which `rtpPayload` gave an offset. */
  count(d: Datagram): Step {
    const ssrc = u32(d.bytes, d.start + 8);
    let counter = this.#bySsrc.get(ssrc);
    if (counter === undefined) {
      if (this.#bySsrc.size === MOST_SSRCS) {
        this.#others++;
        return 'aside';
      }
      counter = new SequenceCounter(16);
      this.#bySsrc.set(ssrc, counter);
    }
    return counter.count(u16(d.bytes, d.start + 2));
  }

  /** How sure the numbers make that this is RTP: chance gives version 2 to a quarter of all data, but not numbers in a row. */
  get confidence(): number {
    let [inOrder, received] = [0, this.#others];
    for (const counter of this.#bySsrc.values()) {
      inOrder += counter.inOrder;
      received += counter.received;
    }
    if (inOrder === 0) return 0.3;
    return inOrder >= 3 && inOrder * 2 > received ? 0.98 : 0.8;
  }

  /** Synchronisation sources seen, lowest first; at most 8. */
  get ssrcs(): number[] {
    return [...this.#bySsrc.keys()].sort((a, b) => a - b);
  }

  get continuity(): Continuity {
    return sumContinuity('rtp', this.#bySsrc.values());
  }
}
