/** What moved in a namespace between two readings. A counter that did not move, or that began anew, is not listed. */
import { type Fact, isKnown, known, unknown } from '../model/fact.ts';
import type { Counters, Family, Link, LinkStats, NetnsFacts, UdpSocket } from '../model/netns.ts';
import type { Firewall, FirewallRule } from '../model/packet-filter.ts';

export interface Movement {
  /** By how much each counter grew; one that is not listed did not. */
  readonly counters: Fact<Counters>;
  /** Sockets that dropped datagrams. */
  readonly sockets: Fact<readonly SocketMovement[]>;
  /** Interfaces on which anything was counted. */
  readonly links: Fact<readonly LinkMovement[]>;
  /** Rules that matched, and chains whose policy was met. */
  readonly firewall: Fact<readonly FirewallMovement[]>;
}

/** Datagrams dropped by one socket between the readings. */
export interface SocketMovement {
  readonly family: Family;
  readonly localAddress: string;
  readonly localPort: number;
  readonly inode: number;
  readonly drops: number;
}

/** Packets counted by one interface between the readings. */
export interface LinkMovement {
  readonly interface: string;
  readonly stats: LinkStats;
}

/** Packets that met one rule, or a chain's policy (no number then) between the readings. */
export interface FirewallMovement {
  readonly family: FirewallRule['family'];
  readonly table: string;
  readonly chain: string;
  readonly number?: number;
  /** The rule's text, or `policy drop`. */
  readonly text: string;
  readonly packets: number;
}

/** Compares two readings of the same namespace. */
export function movement(before: NetnsFacts, after: NetnsFacts): Movement {
  return {
    counters: compared(before.counters, after.counters, counterGrowth),
    sockets: compared(before.sockets, after.sockets, socketDrops),
    links: compared(before.links, after.links, linkGrowth),
    firewall: compared(before.firewall, after.firewall, firewallGrowth),
  };
}

function compared<T, U>(before: Fact<T>, after: Fact<T>, compare: (before: T, after: T) => U): Fact<U> {
  if (!isKnown(before)) return unknown(before.unknown);
  return isKnown(after) ? known(compare(before.value, after.value)) : after;
}

function counterGrowth(before: Counters, after: Counters): Counters {
  return Object.fromEntries(
    Object.entries(after).flatMap(([name, value]) => {
      const old = before[name];
      return old !== undefined && value > old ? [[name, value - old]] : [];
    }),
  );
}

/** A socket is the same when its inode is. One that was opened in between has dropped what it says. */
function socketDrops(before: readonly UdpSocket[], after: readonly UdpSocket[]): SocketMovement[] {
  const old = new Map(before.map((socket) => [socket.inode, socket.drops]));
  return after.flatMap(({ family, localAddress, localPort, inode, drops }) => {
    const growth = drops - (old.get(inode) ?? 0);
    return growth > 0 ? [{ family, localAddress, localPort, inode, drops: growth }] : [];
  });
}

/** An interface is the same when index and name are, and no counter went back. */
function linkGrowth(before: readonly Link[], after: readonly Link[]): LinkMovement[] {
  const old = new Map(before.map((link) => [`${link.index} ${link.name}`, link.stats]));
  return after.flatMap(({ index, name, stats }) => {
    const first = old.get(`${index} ${name}`);
    if (first === undefined || stats === undefined) return [];
    const growth: LinkStats = {
      rxPackets: stats.rxPackets - first.rxPackets,
      txPackets: stats.txPackets - first.txPackets,
      rxDropped: stats.rxDropped - first.rxDropped,
      rxErrors: stats.rxErrors - first.rxErrors,
      txDropped: stats.txDropped - first.txDropped,
      txErrors: stats.txErrors - first.txErrors,
      multicast: stats.multicast - first.multicast,
    };
    const values = Object.values(growth);
    return values.every((value) => value >= 0) && values.some((value) => value > 0)
      ? [{ interface: name, stats: growth }]
      : [];
  });
}

function firewallGrowth(before: Firewall, after: Firewall): FirewallMovement[] {
  const old = new Map(counted(before).map((entry) => [keyOf(entry), entry.packets]));
  return counted(after).flatMap((entry) => {
    const first = old.get(keyOf(entry));
    return first !== undefined && entry.packets > first ? [{ ...entry, packets: entry.packets - first }] : [];
  });
}

/** Rules and policies that have a counter. */
function counted({ rules, chains }: Firewall): FirewallMovement[] {
  const policies = chains.flatMap(({ family, table, name, policy, packets }) =>
    packets === undefined || policy === undefined
      ? []
      : [{ family, table, chain: name, text: `policy ${policy}`, packets }],
  );
  const met = rules.flatMap(({ family, table, chain, number, text, packets }) =>
    packets === undefined ? [] : [{ family, table, chain, number, text, packets }],
  );
  return [...met, ...policies];
}

function keyOf({ family, table, chain, number, text }: FirewallMovement): string {
  return JSON.stringify([family, table, chain, number, text]);
}
