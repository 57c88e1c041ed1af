/** Finds out what the datagrams of one source to one group are, and follows their continuity where they tell it. */
import type { Datagram } from './datagram.ts';
import { TsContinuity, tsPacketLength } from './mpeg-ts.ts';
import type { OwnDatagrams } from './own-datagrams.ts';
import { RtpContinuity, rtpPayload } from './rtp.ts';
import { type Continuity, SequenceCounter, sumContinuity } from './sequence.ts';
import { SIGNATURES } from './signatures.ts';

/** What a stream is. */
export interface Stream {
  /** kmcast, rtp, rtcp, mpeg-ts, mdns, ssdp, rtps, jgroups … (signatures.ts), or `plain` for nothing known. */
  readonly kind: string;
  /** 0 … 1. */
  readonly confidence: number;
  /** What RTP carries, where that is known. */
  readonly carries?: 'mpeg-ts';
  /** RTP synchronisation sources: more than one are several senders behind one address, or a restarted one. */
  readonly ssrcs?: readonly number[];
  /** Absent where the stream does not number its datagrams: then nothing can be said of loss. RTP first, then what it carries. */
  readonly continuity?: readonly Continuity[];
}

/** Datagrams after which the kind stands. */
const ENOUGH = 8;
/** What is less sure than this stays plain. */
const THRESHOLD = 0.5;
/** Senders of kmcast's own datagrams that are followed in one stream. */
const MOST_SENDERS = 64;

/** Tracks one stream. */
export class StreamTracker {
  readonly #own: OwnDatagrams | undefined;
  #seen = 0;
  #decided: string | undefined;
  /** Sums of scores, by kind. */
  readonly #scores = new Map<string, number>();
  #rtp: RtpContinuity | undefined;
  #ts: TsContinuity | undefined;
  #senders: Map<string, SequenceCounter> | undefined;

  constructor(own?: OwnDatagrams) {
    this.#own = own;
  }

  /** Takes the next datagram. */
  observe(d: Datagram): void {
    if (this.#seen < ENOUGH) {
      for (const { kind, score } of SIGNATURES) this.#add(kind, score(d));
    } else {
      this.#decided ??= this.#best().kind;
    }
    this.#seen++;
    const isTaken = (this.#may('kmcast') && this.#observeOwn(d)) || (this.#may('rtp') && this.#observeRtp(d));
    if (!isTaken && this.#may('mpeg-ts')) this.#observeTs(d);
  }

  /** What is known so far. */
  stream(): Stream {
    const { kind, score } = this.#best();
    if (kind === 'kmcast')
      return { kind, confidence: score, continuity: [sumContinuity('kmcast', this.#senders?.values() ?? [])] };
    const ts = this.#ts === undefined ? [] : [this.#ts.continuity];
    if (kind === 'mpeg-ts') return { kind, confidence: score, continuity: ts };
    if (kind !== 'rtp' || this.#rtp === undefined) return { kind, confidence: score };
    const { continuity, ssrcs } = this.#rtp;
    return {
      kind,
      confidence: score,
      ...(ts.length > 0 ? { carries: 'mpeg-ts' } : {}),
      ssrcs,
      continuity: [continuity, ...ts],
    };
  }

  #observeOwn(d: Datagram): boolean {
    const own = this.#own;
    if (own === undefined || !own.matches(d)) return false;
    this.#add('kmcast', 1);
    const sender = own.sender(d);
    this.#senders ??= new Map();
    let counter = this.#senders.get(sender);
    if (counter === undefined && this.#senders.size < MOST_SENDERS) {
      counter = new SequenceCounter(32);
      this.#senders.set(sender, counter);
    }
    counter?.count(own.sequence(d));
    return true;
  }

  #observeRtp(d: Datagram): boolean {
    const payload = rtpPayload(d);
    if (payload < 0) return false;
    this.#rtp ??= new RtpContinuity();
    const step = this.#rtp.count(d);
    // Only what was damaged before it was put into RTP is the transport stream's own loss.
    if (step === 'ahead') this.#ts?.reset();
    const end = d.start + d.length;
    const packetLength = tsPacketLength(d.bytes, payload, d.end, end - payload);
    if (packetLength > 0 && step !== 'aside') this.#countTs(d, payload, packetLength);
    this.#add('rtp', packetLength > 0 ? 0.95 : this.#rtp.confidence);
    return true;
  }

  #observeTs(d: Datagram): void {
    const packetLength = tsPacketLength(d.bytes, d.start, d.end, d.length);
    if (packetLength === 0) return;
    this.#countTs(d, d.start, packetLength);
    // One sync byte may be chance; several in step are not.
    this.#add('mpeg-ts', d.end - d.start > packetLength ? 0.98 : 0.7);
  }

  #countTs(d: Datagram, start: number, packetLength: number): void {
    this.#ts ??= new TsContinuity();
    if (d.end === d.start + d.length) this.#ts.count(d.bytes, start, d.end, packetLength);
  }

  #may(kind: string): boolean {
    return this.#decided === undefined || this.#decided === kind;
  }

  #add(kind: string, score: number): void {
    if (score > 0 && this.#seen <= ENOUGH) this.#scores.set(kind, (this.#scores.get(kind) ?? 0) + score);
  }

  /** The kind with the highest average score, or plain. */
  #best(): { kind: string; score: number } {
    const count = Math.max(1, Math.min(this.#seen, ENOUGH));
    let best = { kind: 'plain', score: 0 };
    for (const [kind, sum] of this.#scores) {
      const score =
        kind === 'rtp' && this.#rtp !== undefined ? Math.max(sum / count, this.#rtp.confidence) : sum / count;
      if (score > best.score) best = { kind, score };
    }
    const { kind, score } = best.score >= THRESHOLD ? best : { kind: 'plain', score: 1 - best.score };
    return { kind, score: Math.round(score * 100) / 100 };
  }
}
