/** What is looked for: a group, a range of groups, a group from one source. */
import { bitsOf, fromNumber, parsePrefix, toNumber } from '../model/address.ts';
import { formatGroup, isMulticast, parseGroup } from '../model/group.ts';
import type { Family } from '../model/netns.ts';

export interface GroupQuery {
  readonly family: Family;
  /** `239.1.2.3/32`, `239.1.2.0/28`. */
  readonly prefix: string;
  readonly port?: number;
  readonly source?: string;
}

/** One membership. */
export interface WantedJoin {
  readonly group: string;
  readonly source?: string;
}

/** Groups of a range that are joined one by one, at most: every one is state in every switch on the way. */
export const MOST_JOINS = 256;

/**
 * Reads `239.1.2.3`, `239.1.2.3:5007`, `SOURCE@GROUP:PORT`, `[ff15::1]:5007`, and ranges `239.1.2.0/28`, `ff15::/120`.
 * @returns a sentence that says what is wrong, otherwise.
 */
export function parseGroupQuery(text: string): GroupQuery | string {
  const [rest = '', source] = text.split('@').reverse() as [string?, string?];
  if (rest.includes('/')) {
    const prefix = parsePrefix(rest);
    if (prefix === undefined || source !== undefined)
      return `"${text}" is no range of groups: write one as 239.1.2.0/28`;
    if (!isMulticast(prefix.address) || prefix.length < (prefix.family === 4 ? 4 : 8))
      return `"${text}" is no range of multicast groups: they are in 224.0.0.0/4 and ff00::/8`;
    return { family: prefix.family, prefix: `${prefix.address}/${prefix.length}` };
  }
  const group = parseGroup(text);
  if (typeof group === 'string') return group;
  if (!isMulticast(group.address))
    return `${group.address} is no multicast group: groups are in 224.0.0.0/4 and ff00::/8`;
  const { family, address, ...more } = group;
  return { family, prefix: `${address}/${bitsOf(family)}`, ...more };
}

/** The query as an operator writes it. */
export function formatQuery(query: GroupQuery): string {
  const [address = '', length] = query.prefix.split('/');
  if (Number(length) < bitsOf(query.family)) return query.prefix;
  return formatGroup({ ...query, address });
}

/** The memberships that a query needs, or `undefined` when its range is too large to be joined. */
export function joinsOf(query: GroupQuery): WantedJoin[] | undefined {
  const [first = '', length] = query.prefix.split('/');
  const count = 1n << BigInt(bitsOf(query.family) - Number(length));
  if (count > BigInt(MOST_JOINS)) return undefined;
  const from = toNumber(first);
  return Array.from({ length: Number(count) }, (_, i) => ({
    group: fromNumber(from + BigInt(i), query.family),
    ...(query.source === undefined ? {} : { source: query.source }),
  }));
}
