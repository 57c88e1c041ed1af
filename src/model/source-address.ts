/** The source address that the kernel gives to an unbound IPv4 socket (net/ipv4/devinet.c inet_select_addr). */
import { covers, type IpNumber, ipBlock, ipNumber } from './ip-number.ts';
import type { Address, Link } from './netns.ts';

/** Scopes of addresses and routes; a larger number is nearer (rtnetlink.h RT_SCOPE_*). */
export type Scope = number;

export const SCOPE_UNIVERSE: Scope = 0;
export const SCOPE_LINK: Scope = 253;
export const SCOPE_HOST: Scope = 254;

/** The part of a namespace that decides. */
export interface Addressed {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
}

const SCOPES: Readonly<Record<string, Scope>> = {
  global: 0,
  universe: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
};

/** The number of a scope's name (iproute2's rt_scopes), or of its number as text. */
export function scopeNumber(text: string): Scope {
  return SCOPES[text] ?? (Number(text) || SCOPE_UNIVERSE);
}

/**
 * The first address of the interface whose scope is not nearer than `scope`, preferring one in whose subnet `toward` is.
 * An interface without such an address borrows one from the others, in their order, link scope excepted.
 */
export function selectAddress4(state: Addressed, on: string, scope: Scope, toward?: IpNumber): string | undefined {
  const { addresses, links } = state;
  const usable = addresses.filter(
    (address) => address.family === 4 && Math.min(scopeNumber(address.scope), SCOPE_HOST) <= scope,
  );
  const own = usable.filter((address) => address.interface === on);
  const near = toward === undefined ? undefined : own.find((address) => onSubnet(address, toward));
  const found = near ?? own[0];
  if (found !== undefined) return found.address;
  const lent = usable.filter((address) => scopeNumber(address.scope) !== SCOPE_LINK);
  const byIndex = [...links].sort((a, b) => a.index - b.index);
  return byIndex.flatMap((link) => lent.filter((address) => address.interface === link.name))[0]?.address;
}

/** The interface that has this address; of several the first. */
export function interfaceWithAddress(addresses: readonly Address[], address: IpNumber): string | undefined {
  return addresses.find((own) => ipNumber(own.address)?.value === address.value && own.family === address.family)
    ?.interface;
}

function onSubnet(address: Address, ip: IpNumber): boolean {
  const block = ipBlock(`${address.address}/${address.prefixLength}`);
  return block !== undefined && covers(block, ip);
}
