/** Switches of IPv4 interfaces (`net.ipv4.conf.*`, Documentation/networking/ip-sysctl.rst), as they take effect. */

/** The namespace's sysctls by dotted name; a missing one counts as 0. */
export interface Switches {
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** A switch that is on when it is set for all interfaces or for this one (IN_DEV_ORCONF). */
export function isSet(state: Switches, name: string, on: string): boolean {
  return valueFor(state, name, 'all') !== 0 || valueFor(state, name, on) !== 0;
}

/** `rp_filter`: the larger of all interfaces' and this one's (IN_DEV_MAXCONF). 0 off, 1 strict, 2 loose (RFC 3704). */
export function effectiveRpFilter(state: Switches, on: string): number {
  return Math.max(valueFor(state, 'rp_filter', 'all'), valueFor(state, 'rp_filter', on));
}

function valueFor(state: Switches, name: string, scope: string): number {
  return Number(state.sysctls?.[`net.ipv4.conf.${scope}.${name}`] ?? 0) || 0;
}
