/** A hop that no capture shows: the receiver's interface by which the datagrams come, where nobody there is a member of the group. */
import { buildCase } from '../doctor/case.ts';
import { parentName } from '../doctor/expected.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import type { Group } from '../model/group.ts';
import type { End } from './ends.ts';
import type { Hop } from './hops.ts';

/** What the receiver joined, and where: as the application there, else as the kernel chose. */
export interface Joined {
  readonly to: End;
  readonly group: Group;
  readonly interface?: string;
}

/**
 * Puts the hop where the datagrams were last seen before it, when they come by another interface than the one that was joined on: most
 * interfaces let frames of groups go that nobody joined there, so that they do not show on it.
 */
export function withMembership(hops: readonly Hop[], snapshots: readonly Snapshot[], joined: Joined): readonly Hop[] {
  const entrance = entranceOf(hops, snapshots, joined);
  if (joined.interface === undefined || entrance === undefined || entrance === joined.interface) return hops;
  const at = `${joined.to.name} as a member on ${entrance} (the join went to ${joined.interface})`;
  const unseen = hops.findIndex(({ place, seen }) => place === 'attachment' && seen === 0);
  const index = unseen < 0 ? hops.length : unseen;
  return [...hops.slice(0, index), { at, place: 'membership', seen: 0 }, ...hops.slice(index)];
}

/** By which of the receiver's interfaces the datagrams come: one that saw them, else one that hangs on a NIC of its node that did. */
function entranceOf(hops: readonly Hop[], snapshots: readonly Snapshot[], joined: Joined): string | undefined {
  const own = hops.at(-1)?.interfaces ?? [];
  if (own.length > 0) return own.find((name) => name === joined.interface) ?? own[0];
  const nics = hops.findLast(({ place }) => place === 'network')?.interfaces ?? [];
  for (const snapshot of snapshots) {
    const target = snapshot.targets.find(
      ({ name, namespace }) => name === joined.to.name && namespace === joined.to.namespace,
    );
    if (target === undefined) continue;
    const c = buildCase(snapshot, target, joined.group);
    const fed = c.ns.links.filter(({ name }) => nics.includes(parentName(c, name) ?? ''));
    return (fed.find(({ name }) => name === joined.interface) ?? fed[0])?.name;
  }
  return undefined;
}
