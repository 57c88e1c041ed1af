/** What the streams of a table of sources are, kept by the table's slots. */
import { u16 } from '../capture/decode/bytes.ts';
import type { Packet } from '../capture/decode/packet.ts';
import { Datagram } from './datagram.ts';
import type { OwnDatagrams } from './own-datagrams.ts';
import { type Stream, StreamTracker } from './stream-tracker.ts';

/** Streams of a `SourceTable`: as bounded as the table is. */
export class Streams {
  readonly #trackers: StreamTracker[] = [];
  readonly #datagram = new Datagram();
  readonly #own: OwnDatagrams | undefined;

  constructor(own?: OwnDatagrams) {
    this.#own = own;
  }

  /**
   * Takes a packet that `SourceTable.count` has put into `slot`. Fragments are left out: their datagrams are not whole.
   *
   * @param fresh the table's `fresh` after that: the slot belongs to another source than before
   */
  observe(slot: number, fresh: boolean, packet: Packet, bytes: Uint8Array): void {
    if (slot < 0) return;
    if (fresh) delete this.#trackers[slot];
    if (packet.payload < 0 || packet.moreFragments) return;
    const datagram = this.#datagram;
    datagram.bytes = bytes;
    datagram.start = packet.payload;
    datagram.end = packet.payloadEnd;
    datagram.length = Math.max(u16(bytes, packet.transport + 4) - 8, packet.payloadEnd - packet.payload);
    datagram.sourcePort = packet.sourcePort;
    datagram.destinationPort = packet.destinationPort;
    const tracker = this.#trackers[slot] ?? new StreamTracker(this.#own);
    this.#trackers[slot] = tracker;
    tracker.observe(datagram);
  }

  /** The stream of a slot; `undefined` where no whole datagram came. */
  stream(slot: number): Stream | undefined {
    return this.#trackers[slot]?.stream();
  }
}
