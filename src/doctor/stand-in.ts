/** A group that stands for any, where files are asked about and nobody named one. */
import type { Snapshot, TargetFacts } from '../facts/snapshot.ts';
import { canonicalAddress, contains, familyOf, parsePrefix } from '../model/address.ts';
import { valueIn } from '../model/fact.ts';
import { type Group, isMulticast } from '../model/group.ts';
import { attachmentsOf, soundConfig } from './attachment.ts';

/** Of the range that sites use among themselves (RFC 2365), and no group that anybody has. */
const ANY = '239.0.0.0';

/** A group that the routes of the pod's own attachments are for, so that rules about these routes speak; else any. */
export function standInGroup(snapshot: Snapshot, target: TargetFacts): Group {
  const pod = valueIn(target.pod);
  const routes = (pod === undefined ? [] : attachmentsOf(snapshot, pod, [])).flatMap((attachment) => {
    const config = soundConfig(attachment);
    return config === undefined ? [] : [...config.routes, ...config.misplacedRoutes];
  });
  const groups = routes.flatMap(({ dst }) => {
    const address = parsePrefix(dst)?.address ?? canonicalAddress(dst);
    if (address === undefined || !isMulticast(address)) return [];
    return contains(dst, ANY) ? ANY : address;
  });
  const [address = ANY] = groups;
  return { family: familyOf(address), address };
}
