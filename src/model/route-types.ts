/** What a route lookup is asked and what it answers. */
import type { Address, Family, Link, NextHop, PolicyRule, Route, RouteType } from './netns.ts';

/** What decides a lookup in a network namespace. Lists keep the kernel's order, as its dumps give it: first wins among equals. */
export interface RoutingState {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
  readonly rules: readonly PolicyRule[];
  /** By dotted name; read are `ignore_routes_with_linkdown`, `rp_filter`, `accept_local`, `route_localnet`. A missing one counts as 0. */
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** A datagram that this namespace is about to send. */
export interface RouteQuery {
  readonly family: Family;
  readonly destination: string;
  /** Address that the socket is bound to; absent when the kernel is to choose. */
  readonly source?: string;
  /** Outgoing interface that the socket asks for: IP_MULTICAST_IF, SO_BINDTODEVICE, `ip route get … oif`. */
  readonly interface?: string;
  readonly mark?: number;
  /** Type of service, 0 to 255. */
  readonly tos?: number;
  /** Seen by policy rules with `iif`; `lo`, as for everything that is sent locally, when absent. */
  readonly inputInterface?: string;
  /** IP protocol number; 17 (UDP) when absent. */
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** User of the sending process, for policy rules with `uidrange`; 0 when absent. */
  readonly uid?: number;
}

/** The answer of the kernel: a way out, or the error that the sender gets. */
export type RouteLookup = RouteFound | RouteRefused;

/** A way out. */
export interface RouteFound {
  readonly kind: 'route';
  /** Outgoing interface; `lo` for an address of this namespace. */
  readonly interface: string;
  /** Neighbour that the frames go to; absent when they go to the destination itself (for a group: to its multicast MAC). */
  readonly gateway?: string;
  /** The chosen way; of several equal ones (multipath) the first. */
  readonly nextHop: NextHop;
  /** Every way that the kernel may choose: by hash for multipath, by neighbour state for equal default routes. Never empty. */
  readonly nextHops: readonly NextHop[];
  /** The route's type; `multicast` and `broadcast` also for what the destination is, as the kernel reports it (IPv4). */
  readonly type: RouteType;
  /** Why this way: a route, or without one: the interface or the source address that the sender named (IPv4). */
  readonly by: 'route' | 'interface' | 'source';
  /** The route that matched; absent when none decided. */
  readonly route?: Route;
  readonly table?: number;
  /** The policy rule that led to the route. Absent when the namespace has only its default rules (IPv4: their tables are one). */
  readonly rule?: PolicyRule;
  /** The route's own source address (`src`). */
  readonly preferredSource?: string;
  /** Source address that an unbound socket gets (IPv4; IPv6 chooses by RFC 6724, which is not modelled). */
  readonly source?: string;
}

/** No way out. */
export interface RouteRefused {
  readonly kind: 'unreachable' | 'blackhole' | 'prohibit' | 'no-route';
  /** What `send` fails with. */
  readonly error: RouteError;
  /** For the operator: `no route to 239.1.2.3`. */
  readonly reason: string;
  readonly route?: Route;
  readonly table?: number;
  readonly rule?: PolicyRule;
}

/** Errors of a lookup: ip(7), ipv6(7). */
export type RouteError = 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL' | 'ENODEV';
