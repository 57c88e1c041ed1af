/** The capture job: packets as pcapng (or, by tcpdump, pcap) on stdout, words about them on stderr. */
import type { Enter } from './protocol.ts';

/**
 * Captures packets to groups, and all IGMP and MLD, in one namespace. stdout is the capture itself, a pcapng file with one
 * interface block for each interface; what else there is to say comes on stderr, one message a line.
 */
export interface CaptureJob {
  readonly kind: 'capture';
  /** Seconds until the agent ends by itself. */
  readonly deadline: number;
  readonly enter: Enter;
  /** Interfaces by name. */
  readonly interfaces: readonly string[];
  /** Groups and ranges of groups (`239.1.2.0/28`); all when empty. */
  readonly groups: readonly string[];
  /** Memberships, and the interfaces that they are made on. They last as long as the capture. */
  readonly joins: readonly { readonly group: string; readonly source?: string }[];
  readonly joinOn: readonly string[];
  /** Bytes kept of a packet. */
  readonly snapLength: number;
  /** Ends after so many packets, or bytes of the file. */
  readonly packets?: number;
  readonly bytes?: number;
  /**
   * By tcpdump with this filter (pcap-filter(7)) in place of Python: on one interface, as pcap, without joins. Its packets have no
   * direction.
   */
  readonly tcpdump?: string;
}

/** What a capture's agent says on stderr. */
export type CaptureMessage =
  | { readonly type: 'hello'; readonly runtime: string; readonly version: string }
  /** It cannot be done here: no such place, no right, no such interface. Nothing more comes of it. */
  | { readonly type: 'refused'; readonly error: string }
  /** The capture stands and the joins were asked for. */
  | { readonly type: 'began'; readonly interfaces: readonly string[] }
  | {
      readonly type: 'joined';
      readonly group: string;
      readonly interface: string;
      readonly source?: string;
      readonly error?: string;
    }
  /** Packets that the capture lost so far (PACKET_STATISTICS). */
  | { readonly type: 'lost'; readonly packets: number }
  /** All was written, so many bytes: the reader has them all when it has as many. tcpdump does not tell: then all has come at its end. */
  | {
      readonly type: 'end';
      readonly reason: 'finished' | 'stdin closed' | 'deadline';
      readonly bytes?: number;
      readonly lost?: number;
    };
