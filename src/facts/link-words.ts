/** Words for the states and flags of interfaces, next hops and neighbours, as iproute2 prints them. */

/** IFF_* (include/uapi/linux/if.h) in the order in which iproute2's ipaddress.c prints them. IFF_RUNNING is not printed. */
const LINK_FLAGS: readonly (readonly [number, string])[] = [
  [0x8, 'LOOPBACK'],
  [0x2, 'BROADCAST'],
  [0x10, 'POINTOPOINT'],
  [0x1000, 'MULTICAST'],
  [0x80, 'NOARP'],
  [0x200, 'ALLMULTI'],
  [0x100, 'PROMISC'],
  [0x400, 'MASTER'],
  [0x800, 'SLAVE'],
  [0x4, 'DEBUG'],
  [0x8000, 'DYNAMIC'],
  [0x2000, 'AUTOMEDIA'],
  [0x4000, 'PORTSEL'],
  [0x20, 'NOTRAILERS'],
  [0x1, 'UP'],
  [0x10000, 'LOWER_UP'],
  [0x20000, 'DORMANT'],
  [0x40000, 'ECHO'],
];

const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;

/** RTNH_F_* (rtnetlink.h): those that the model names. */
const NEXT_HOP_FLAGS: readonly (readonly [number, string])[] = [
  [1, 'dead'],
  [4, 'onlink'],
  [2, 'pervasive'],
  [16, 'linkdown'],
];

/** NUD_* (include/uapi/linux/neighbour.h). */
const NEIGHBOUR_STATES: readonly (readonly [number, string])[] = [
  [0x01, 'incomplete'],
  [0x02, 'reachable'],
  [0x04, 'stale'],
  [0x08, 'delay'],
  [0x10, 'probe'],
  [0x20, 'failed'],
  [0x40, 'noarp'],
  [0x80, 'permanent'],
];

/** IF_OPER_* (RFC 2863, include/uapi/linux/if.h), from 0. */
const OPERSTATES = ['unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up'] as const;

/** Flags of an interface (ifi_flags). */
export function linkFlags(flags: number): string[] {
  const noCarrier = (flags & IFF_UP) !== 0 && (flags & IFF_RUNNING) === 0;
  return [...(noCarrier ? ['NO-CARRIER'] : []), ...words(LINK_FLAGS, flags)];
}

/** Flags of a next hop (rtnh_flags, or rtm_flags of a route with one way out). */
export function nextHopFlags(flags: number): string[] {
  return words(NEXT_HOP_FLAGS, flags);
}

/** The flags among `words` that the model names, in one order. */
export function nextHopFlagsOf(printed: readonly string[]): string[] {
  return NEXT_HOP_FLAGS.map(([, word]) => word).filter((word) => printed.includes(word));
}

/** State of a neighbour (ndm_state); `none` when the kernel has not yet tried. */
export function neighbourState(state: number): string {
  return words(NEIGHBOUR_STATES, state)[0] ?? 'none';
}

/** RFC 2863 state (IFLA_OPERSTATE). */
export function operstate(value: number | undefined): string {
  return OPERSTATES[value ?? 0] ?? 'unknown';
}

function words(table: readonly (readonly [number, string])[], flags: number): string[] {
  return table.filter(([bit]) => (flags & bit) !== 0).map(([, word]) => word);
}
