/** Addresses from /proc, for runtimes that have neither netlink nor iproute2. */
import { contains } from '../../model/address.ts';
import { type Fact, known, unknown } from '../../model/fact.ts';
import type { Address, Route } from '../../model/netns.ts';
import { hexadecimal, networkOrderAddress, rows } from './hex.ts';

/** IPV6_ADDR_* scopes as /proc/net/if_inet6 prints them (include/net/ipv6.h). */
const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 16: 'host', 32: 'link', 64: 'site' };

/** Reads /proc/net/if_inet6: `fe80…980c 06 40 20 80      mv0`: address, index, prefix length, scope, flags, interface. */
export function parseIfInet6(text: string): Address[] {
  return rows(text).flatMap(([hex = '', , length, scopeHex, , name]) => {
    const address = networkOrderAddress(hex);
    const prefixLength = hexadecimal(length);
    const scope = hexadecimal(scopeHex);
    if (address === undefined || prefixLength === undefined || scope === undefined || name === undefined) return [];
    return [{ family: 6, interface: name, address, prefixLength, scope: SCOPES[scope] ?? String(scope) }];
  });
}

/**
 * Finds the IPv4 addresses in /proc/net/fib_trie (`|-- 10.1.0.2` followed by `/32 host LOCAL`). The trie does not say on which
 * interface they are: that is the one whose connected prefix (from /proc/net/route) holds the address; 127/8 is lo's.
 * @returns unknown when an address has no such prefix (a host address, as Calico gives), since a list that lacks it would
 * say that its interface has none.
 */
export function parseFibTrie(text: string, routes: readonly Route[]): Fact<readonly Address[]> {
  const local = new Set<string>();
  let leaf: string | undefined;
  for (const line of text.split('\n')) {
    leaf = /\|-- (\d+\.\d+\.\d+\.\d+)\s*$/.exec(line)?.[1] ?? leaf;
    if (leaf !== undefined && /^\s*\/32 host LOCAL\b/.test(line)) local.add(leaf);
  }
  const homeless = [...local].filter((address) => placed(address, routes) === undefined);
  if (homeless.length > 0) return unknown(`/proc does not say on which interface ${homeless.join(', ')} is`);
  return known([...local].flatMap((address) => placed(address, routes) ?? []));
}

function placed(address: string, routes: readonly Route[]): Address | undefined {
  if (address.startsWith('127.')) return { family: 4, interface: 'lo', address, prefixLength: 8, scope: 'host' };
  const connected = routes
    .filter((route) => route.family === 4 && route.scope === 'link' && contains(route.destination, address))
    .sort((a, b) => lengthOf(b) - lengthOf(a))[0];
  const name = connected?.nextHops[0]?.interface;
  if (connected === undefined || name === undefined) return undefined;
  return { family: 4, interface: name, address, prefixLength: lengthOf(connected), scope: 'global' };
}

function lengthOf(route: Route): number {
  return Number(route.destination.split('/')[1]);
}
