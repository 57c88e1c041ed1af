/** The source that the operator named, and where it is. */
import { contains } from '../model/address.ts';
import type { Case } from './case.ts';

/** The source that was asked about, if one was. */
export function askedSource(c: Case): string | undefined {
  return c.group.source ?? c.snapshot.question.source;
}

/** Whether the address is in a network that the target or its node has an interface in; `undefined` when no address was read. */
export function isOnLink(c: Case, address: string): boolean | undefined {
  const addresses = [...c.ns.addresses, ...c.nodeNs.addresses];
  if (addresses.length === 0) return undefined;
  return addresses.some((own) => contains(`${own.address}/${own.prefixLength}`, address));
}
