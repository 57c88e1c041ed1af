import { bitsOf, canonicalAddress, familyOf } from '../../model/address.ts';
import type { Family } from '../../model/netns.ts';

/** A prefix as `ip` prints it: `default`, an address alone for a host prefix, or ADDRESS/LENGTH. `undefined` for anything else. */
export function prefixOf(text: string | undefined, family: Family): string | undefined {
  if (text === undefined) return undefined;
  if (text === 'default') return family === 4 ? '0.0.0.0/0' : '::/0';
  const [host = '', length] = text.split('/');
  const address = canonicalAddress(host);
  if (address === undefined || familyOf(address) !== family) return undefined;
  const bits = length === undefined ? bitsOf(family) : Number(length);
  return Number.isInteger(bits) && bits >= 0 && bits <= bitsOf(family) ? `${address}/${bits}` : undefined;
}
