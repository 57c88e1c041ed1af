/**
 * The part of the agent's protocol that sends and counts test datagrams. Times are microseconds of the agent's own clock
 * since 1970. Only python3 and node do this part, since a shell and Perl cannot join.
 */

/** Joins, says so, then counts every datagram that arrives, anyone's, until told to halt. */
export interface Receive {
  /** Id of the run, 16 hexadecimal digits: tells its datagrams from those of others. */
  readonly run: string;
  readonly sockets: readonly ReceiveSocket[];
  /** Milliseconds at most. */
  readonly duration: number;
  /** Milliseconds between counts that are said meanwhile; 0: only at the end. */
  readonly every: number;
  /** Ends when every socket has so many datagrams. */
  readonly enough?: number;
  /** Receive buffer to ask for, bytes (SO_RCVBUF; the kernel grants at most net.core.rmem_max). */
  readonly buffer?: number;
}

export interface ReceiveSocket {
  readonly id: string;
  /** Joined, and bound to, so that nothing else is heard. A socket without one is for unicast. */
  readonly group?: string;
  /** Of a source-specific membership (RFC 4607). */
  readonly source?: string;
  /** Where to join. */
  readonly interface?: string;
  /** Else where somebody in the namespace is a member of this group already; else the kernel chooses by its routes. */
  readonly follow?: string;
  readonly port: number;
  /** Bound to any address, as most applications are, with memberships of other sockets shut out (IP_MULTICAST_ALL). */
  readonly anyAddress?: boolean;
  /** Address that a unicast socket is bound to; any when absent. */
  readonly bind?: string;
}

/** Sends all flows side by side, each at its rate. */
export interface Send {
  readonly run: string;
  readonly flows: readonly SendFlow[];
  /** Milliseconds at most. */
  readonly duration: number;
  /** Milliseconds between counts that are said meanwhile; 0: only at the end. */
  readonly every: number;
  /** Says `sent` once it is ready, and begins when it is told `go`. */
  readonly wait?: boolean;
}

export interface SendFlow {
  /** Sender id, which its datagrams carry. */
  readonly id: number;
  readonly to: string;
  readonly port: number;
  /** Where to send; by the routes when absent. */
  readonly interface?: string;
  /** Own address to send from; with `ifOwn` only where it is one, else the kernel chooses. */
  readonly source?: string;
  readonly ifOwn?: boolean;
  /** TTL or hop limit of multicast. */
  readonly ttl: number;
  /** Bytes of UDP payload; at least those of the header. */
  readonly size: number;
  /** Datagrams; as many as fit into the duration when absent. */
  readonly count?: number;
  /** Datagrams a second. */
  readonly rate: number;
}

/** One sender as one socket heard it: an address, port, run and sender id. */
export interface HeardSender {
  readonly source: string;
  readonly port: number;
  /** Absent for datagrams that are not kmcast's: these are only counted. */
  readonly run?: string;
  readonly sender?: number;
  readonly received: number;
  /** UDP payload. */
  readonly bytes: number;
  readonly began: number;
  readonly ended: number;
  /** By interface and TTL, as far as the runtime tells. */
  readonly ways: readonly { readonly interface?: string; readonly ttl?: number; readonly packets: number }[];
  /** Number of the first datagram that came, and the highest. Only kmcast's datagrams have numbers. */
  readonly first?: number;
  readonly highest?: number;
  /** Different numbers that came, and how many of these are from before the first that came. */
  readonly unique?: number;
  readonly below?: number;
  /** Numbers between first and highest that did not come. */
  readonly missing?: number;
  readonly duplicates?: number;
  /** Came after a higher number (RFC 4737 §3.3). */
  readonly reordered?: number;
  /** So late that late and duplicate cannot be told apart. */
  readonly stale?: number;
  /** Arrival minus sending by the two hosts' clocks: right only after their offset was taken off. */
  readonly delay?: Delay;
}

/** Microseconds. */
export interface Delay {
  readonly least: number;
  readonly median: number;
  readonly mean: number;
  readonly p99: number;
  readonly most: number;
}

/** What one flow did. */
export interface SentFlow {
  readonly id: number;
  /** Address and port that it sent from, and the interface that the kernel chose; absent where it found no way. */
  readonly source?: string;
  readonly port?: number;
  readonly interface?: string;
  /** Datagrams given to the kernel, and how many of them it took. */
  readonly tried: number;
  readonly sent: number;
  readonly began: number;
  readonly ended: number;
  readonly errors: readonly { readonly code: string; readonly packets: number; readonly error: string }[];
}

/** What an agent says of it. */
export type TrafficMessage =
  /** A socket has joined and listens from now on; or could not, and why. */
  | {
      readonly type: 'receiving';
      readonly place: string;
      readonly socket: string;
      readonly interface?: string;
      /** Receive buffer in bytes, as granted. */
      readonly buffer: number;
      readonly error?: string;
      /** `ENODEV` …, where the error is the system's. */
      readonly code?: string;
    }
  | {
      readonly type: 'counts';
      readonly place: string;
      readonly last: boolean;
      readonly at: number;
      /** Of the kernel: the same on both ends of a path means one clock. */
      readonly boot: string | null;
      /** Datagrams with a wrong checksum in the whole namespace since counting began. Null where that cannot be read. */
      readonly badChecksums: number | null;
      readonly sockets: readonly {
        readonly id: string;
        /** Datagrams that the socket itself dropped (sk_drops): full buffer or wrong checksum. Null where that cannot be read. */
        readonly dropped: number | null;
        readonly truncated: boolean;
        readonly senders: readonly HeardSender[];
      }[];
    }
  | {
      readonly type: 'sent';
      readonly place: string;
      readonly last: boolean;
      readonly at: number;
      readonly boot: string | null;
      readonly flows: readonly SentFlow[];
    }
  /** Answer to `clock ID`. */
  | { readonly type: 'clock'; readonly id: string; readonly at: number };
