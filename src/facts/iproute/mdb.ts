import { canonicalAddress } from '../../model/address.ts';
import type { MdbEntry } from '../../model/multicast-routing.ts';
import { compact } from '../compact.ts';
import { type JsonObject, numberAt, objectsAt, textAt } from './json.ts';

/** The entries of `bridge -j mdb show`; those of link-layer addresses are left out. */
export function mdbFromBridge(objects: readonly JsonObject[]): MdbEntry[] {
  return objects.flatMap((object) => objectsAt(object, 'mdb')).flatMap((object) => mdbEntry(object) ?? []);
}

function mdbEntry(object: JsonObject): MdbEntry | undefined {
  const bridge = textAt(object, 'dev');
  const port = textAt(object, 'port');
  const group = canonicalAddress(textAt(object, 'grp') ?? '');
  if (bridge === undefined || port === undefined || group === undefined) return undefined;
  return compact({
    bridge,
    port,
    group,
    source: canonicalAddress(textAt(object, 'src') ?? ''),
    vlanId: numberAt(object, 'vid') || undefined,
    permanent: textAt(object, 'state') === 'permanent',
  });
}
