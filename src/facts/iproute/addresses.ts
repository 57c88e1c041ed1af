import { canonicalAddress, familyOf } from '../../model/address.ts';
import type { Address } from '../../model/netns.ts';
import { addressScopeOf } from '../words.ts';
import { type JsonObject, numberAt, objectsAt, textAt } from './json.ts';

/** The addresses of `ip -j -d addr`. */
export function addressesFromIp(objects: readonly JsonObject[]): Address[] {
  return objects.flatMap((object) => {
    const name = textAt(object, 'ifname');
    return name === undefined ? [] : objectsAt(object, 'addr_info').flatMap((info) => address(info, name) ?? []);
  });
}

function address(info: JsonObject, name: string): Address | undefined {
  const local = canonicalAddress(textAt(info, 'local') ?? '');
  const prefixLength = numberAt(info, 'prefixlen');
  if (local === undefined || prefixLength === undefined) return undefined;
  return {
    family: familyOf(local),
    interface: name,
    address: local,
    prefixLength,
    scope: addressScopeOf(textAt(info, 'scope') ?? 'global'),
  };
}
