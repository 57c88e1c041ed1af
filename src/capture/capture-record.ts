/** What readers of capture files give, whatever the format. */

/** Which way a packet went by its interface (epb_flags, draft-ietf-opsawg-pcapng §4.3.1). */
export const UNKNOWN = 0;
export const INBOUND = 1;
export const OUTBOUND = 2;

/** One captured packet. The reader fills the same object again for the next one: take what is needed before returning. */
export class CaptureRecord {
  /** The packet is `bytes[start, end)`, a view into the reader's buffer. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Length on the wire. */
  wireLength = 0;
  /** Time since 1970 (UTC): whole seconds, and nanoseconds 0 … 999,999,999. Both 0 when the file has no time for it. */
  seconds = 0;
  nanoseconds = 0;
  /** LINKTYPE_* of the interface (decode/link-types.ts). */
  linkType = 0;
  /** Index into the summary's `interfaces`. */
  interface = 0;
  /** The interface's name, where the file gives one. */
  interfaceName = '';
  /** UNKNOWN, INBOUND or OUTBOUND, as a pcapng packet's flags say. */
  direction = UNKNOWN;
}

/** Takes one packet; returning `false` ends the reading. */
export type OnRecord = (record: CaptureRecord) => unknown;

/** An interface that packets were captured on. A pcap file has one. */
export interface CaptureInterface {
  readonly linkType: number;
  /** Longest captured length, in bytes; 0 for no limit. */
  readonly snapLength: number;
  readonly name?: string;
}

/** Why reading ended before the file did, or what had to be left out. Packets up to there were given. */
export interface CaptureProblem {
  /** `truncated`: the last packet is incomplete, as after a killed capture. `unknown`: not a capture file. */
  readonly kind: 'truncated' | 'malformed' | 'unknown';
  /** Byte offset in the (uncompressed) file. */
  readonly offset: number;
  readonly detail: string;
}

/** What a capture file held. */
export interface CaptureSummary {
  readonly format?: 'pcap' | 'pcapng';
  readonly packets: number;
  readonly interfaces: readonly CaptureInterface[];
  /** The first problem. */
  readonly problem?: CaptureProblem;
}

/** Longest packet that a file may claim: libpcap's MAXIMUM_SNAPLEN, and Wireshark's limit. */
export const LONGEST_PACKET = 262_144;

/** A format's parser: it is fed bytes that follow each other, and consumes as many as make whole records. */
export interface RecordParser {
  /** Reads the records in `bytes[start, end)`, which begin `offset` bytes into the file; returns where the first unread one begins. */
  parse(bytes: Uint8Array, start: number, end: number, offset: number): number;
  /** Bytes from the first unread one on that are needed to go on. */
  readonly need: number;
  readonly format: 'pcap' | 'pcapng';
  readonly interfaces: readonly CaptureInterface[];
  readonly packets: number;
  readonly problem: CaptureProblem | undefined;
  /** No more bytes are wanted: the taker said so, or a problem cannot be passed. */
  readonly stopped: boolean;
}
