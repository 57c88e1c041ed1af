import { canonicalAddress, familyOf } from '../../model/address.ts';
import type { Neighbour } from '../../model/netns.ts';
import { compact } from '../compact.ts';
import { type JsonObject, textAt, textsAt } from './json.ts';

/** The neighbours of `ip -j neigh show nud all`. */
export function neighboursFromIp(objects: readonly JsonObject[]): Neighbour[] {
  return objects.flatMap((object) => {
    const address = canonicalAddress(textAt(object, 'dst') ?? '');
    const name = textAt(object, 'dev');
    if (address === undefined || name === undefined) return [];
    const state = (textsAt(object, 'state')[0] ?? 'none').toLowerCase();
    return [compact({ family: familyOf(address), interface: name, address, mac: textAt(object, 'lladdr'), state })];
  });
}
