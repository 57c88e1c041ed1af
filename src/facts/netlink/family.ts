import type { Family } from '../../model/netns.ts';

/** AF_* (include/linux/socket.h). */
export const AF_INET = 2;
export const AF_INET6 = 10;

/** Family of an AF_* number; `undefined` for others, such as RTNL_FAMILY_IPMR (128) in a dump of all families. */
export function familyOfNumber(value: number | undefined): Family | undefined {
  if (value === AF_INET) return 4;
  return value === AF_INET6 ? 6 : undefined;
}
