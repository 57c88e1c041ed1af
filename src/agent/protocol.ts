/**
 * The agent's protocol. One process per job: its program and the job, which is JSON, come on stdin (`bootstrap.ts`; a job
 * for a whole node is too long for an argument). What it says is JSON, one object a line on stdout; a plain shell says frames,
 * which `output.ts` turns into the same. It ends when stdin closes or its deadline passes, whichever is first.
 *
 * On stdin it may be asked more while it runs, a line each: `clock ID` for its time, `go` for senders that wait, `halt` to end
 * sending and counting.
 *
 * The agent only fetches: files, netlink dumps and headers come back as the kernel gave them and are understood in
 * `src/facts/` and `src/capture/`, so that every runtime shares one set of parsers.
 */

import type { Receive, Send, TrafficMessage } from './traffic.ts';

/** Where an agent does a part of its work: which network namespace it enters. */
export type Enter =
  /** The namespace that the agent was started in. */
  | { readonly kind: 'here' }
  /** The node's own (that of pid 1; needs the node's pid namespace). */
  | { readonly kind: 'node' }
  /**
   * A pod's: that of a process of one of these containers (ids without the runtime's prefix), else of the pod's
   * sandbox, found by the pod's UID (needs the node's pid namespace).
   */
  | {
      readonly kind: 'pod';
      readonly containers: readonly string[];
      readonly uid: string;
      readonly name: string;
      readonly namespace: string;
    };

/** A netlink dump request: NLM_F_REQUEST|NLM_F_DUMP with this type and body (netlink(7)). */
export interface NetlinkDump {
  readonly name: string;
  /** NETLINK_ROUTE 0, NETLINK_NETFILTER 12 … */
  readonly protocol: number;
  readonly type: number;
  /** The request's body after the nlmsghdr, base64. */
  readonly body: string;
}

/** A program to run. `root` says where it is looked for: in the agent's own root, in the node's (/proc/1/root), or first here, then there. */
export interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly root: 'here' | 'node' | 'either';
}

/** What to read at a place. Paths may hold `*` and `?`. */
export interface Reads {
  readonly files: readonly string[];
  readonly netlink: readonly NetlinkDump[];
  readonly commands: readonly Command[];
  /** Also say which process owns each socket inode. */
  readonly owners: boolean;
  /** What stands in for the dumps: read as well when a dump failed, or by an agent that cannot make any. */
  readonly fallback?: { readonly files: readonly string[]; readonly commands: readonly Command[] };
}

/** A look at the wire: datagrams to these groups (all groups when empty), and all IGMP and MLD. */
export interface Look {
  /** Milliseconds at most. */
  readonly duration: number;
  readonly groups: readonly string[];
  /** Interfaces; every one that is up, but lo, when absent. */
  readonly interfaces?: readonly string[];
  /** Ends early, `grace` ms after this many datagrams of the groups were seen at the place, in either direction. */
  readonly enough?: { readonly packets: number; readonly grace: number };
}

/** A join, made by the agent's own sockets, one for each group and interface, for as long as its look lasts. */
export interface Join extends Look {
  readonly joins: readonly { readonly group: string; readonly source?: string }[];
  /** Only when the look before it saw none of the groups come in at this place. */
  readonly onlyIfUnseen: boolean;
}

/** Asks the LAN who has these IPv4 addresses: one ARP probe each (RFC 5227 §1.1: sender address 0.0.0.0, so nobody's cache changes). */
export interface AddressProbe {
  readonly interface: string;
  readonly addresses: readonly string[];
  /** Milliseconds to wait for answers. */
  readonly duration: number;
}

/** One namespace's part of a job: read, look, read again what moves, then perhaps join and look. */
export interface Place {
  readonly id: string;
  readonly enter: Enter;
  readonly reads?: Reads;
  readonly look?: Look;
  /** What to read once more after the look, to see what moved. */
  readonly rereads?: Reads;
  readonly join?: Join;
  readonly probe?: AddressProbe;
  /** Only python3 and node do these two. */
  readonly receive?: Receive;
  readonly send?: Send;
}

/** Observes one or more namespaces at once. */
export interface ObserveJob {
  readonly kind: 'observe';
  /** Seconds until the agent ends by itself. */
  readonly deadline: number;
  readonly places: readonly Place[];
}

/** Packets with the same headers: the first one's bytes, and how many there were. */
export interface SeenPackets {
  readonly interface: string;
  /** ARPHRD_* of the interface: 1 Ethernet, 772 loopback, 65534 none. */
  readonly hardware: number;
  /** Sent by this namespace (PACKET_OUTGOING). */
  readonly out: boolean;
  /** First packet from its link-layer header on, at most 192 bytes, base64. */
  readonly snap: string;
  readonly packets: number;
  /** Sum and maximum of the packets' lengths on the wire, link-layer header included. */
  readonly bytes: number;
  readonly largest: number;
  readonly fragments: number;
  /** Milliseconds since the look began. */
  readonly first: number;
  readonly last: number;
}

/** The phase of a read: before the look, after it. */
export type Phase = 'before' | 'after';

/** What an agent says. */
export type AgentMessage =
  | TrafficMessage
  | { readonly type: 'hello'; readonly runtime: string; readonly version: string; readonly uid: number }
  /** A place could not be entered: no such container, no right. Nothing more comes of it. */
  | { readonly type: 'refused'; readonly place: string; readonly error: string }
  | { readonly type: 'entered'; readonly place: string; readonly pid: number }
  | {
      readonly type: 'file';
      readonly place: string;
      readonly phase: Phase;
      readonly path: string;
      readonly text: string;
    }
  | {
      readonly type: 'netlink';
      readonly place: string;
      readonly phase: Phase;
      readonly name: string;
      readonly data: string;
    }
  | {
      readonly type: 'command';
      readonly place: string;
      readonly phase: Phase;
      readonly name: string;
      readonly status: number;
      readonly stdout: string;
      readonly stderr: string;
      /** Where the program was found. */
      readonly root: 'here' | 'node';
    }
  | {
      readonly type: 'owners';
      readonly place: string;
      readonly sockets: readonly { readonly inode: number; readonly pid: number; readonly command: string }[];
    }
  /** A read that failed. `what` is its path, dump name, command name, `owners`, `look` or `join`; `error` the system's words. */
  | {
      readonly type: 'failed';
      readonly place: string;
      readonly phase: Phase;
      readonly what: string;
      readonly error: string;
    }
  /** A join was made (said before the look that follows it), or refused by the kernel. */
  | {
      readonly type: 'joined';
      readonly place: string;
      readonly group: string;
      readonly interface: string;
      readonly source?: string;
      readonly error?: string;
    }
  | {
      readonly type: 'look';
      readonly place: string;
      readonly step: 'look' | 'join';
      readonly duration: number;
      readonly interfaces: readonly string[];
      readonly packets: readonly SeenPackets[];
      /** IGMP and MLD, one by one. */
      readonly messages: readonly {
        readonly interface: string;
        readonly hardware: number;
        readonly out: boolean;
        readonly at: number;
        readonly snap: string;
      }[];
      /** Dropped by the capture sockets (PACKET_STATISTICS). */
      readonly lost: number;
      readonly truncated: boolean;
    }
  /** Addresses that somebody answered for. */
  | {
      readonly type: 'answered';
      readonly place: string;
      readonly interface: string;
      readonly addresses: readonly string[];
    }
  /** All of a place was said. */
  | { readonly type: 'done'; readonly place: string }
  /** The job is over: why. */
  | { readonly type: 'end'; readonly reason: 'finished' | 'stdin closed' | 'deadline' };
