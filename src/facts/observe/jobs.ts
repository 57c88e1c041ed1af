/** The jobs that doctor gives to agents. */
import type { Enter, Join, Look, ObserveJob, Place, Reads } from '../../agent/protocol.ts';
import { counterReads, namespaceReads } from '../reads.ts';
import { cniReads } from './cni-files.ts';

/** Milliseconds of the look without a join, and of the one with. */
export const LOOK = 1_000;
export const JOIN_LOOK = 3_000;
/** So many datagrams of the groups tell what there is to tell; the grace lets other interfaces show them too. */
const ENOUGH = { packets: 6, grace: 120 };

export interface LookWishes {
  /** Groups asked about; empty: all. */
  readonly groups: readonly string[];
  /** Milliseconds. */
  readonly duration: number;
  /** The whole duration, also when enough was seen before (ageing shows only in time). */
  readonly whole: boolean;
}

export function lookOf(wishes: LookWishes): Look {
  return {
    duration: wishes.duration,
    groups: wishes.groups,
    ...(wishes.whole || wishes.groups.length === 0 ? {} : { enough: ENOUGH }),
  };
}

/** Reads, looks, reads again. */
export function targetPlace(id: string, enter: Enter, wishes: LookWishes): Place {
  return { id, enter, reads: namespaceReads(), ...watching(wishes) };
}

/** A look, and the counters once more after it; nothing when only the state is wanted. */
function watching(wishes: LookWishes): Pick<Place, 'look' | 'rereads'> {
  return wishes.duration === 0 ? {} : { look: lookOf(wishes), rereads: counterReads() };
}

/** The node's own namespace; also its CNI files. */
export function nodePlace(enter: Enter, wishes: LookWishes): Place {
  const reads = merged(namespaceReads(), cniReads());
  return { id: 'node', enter, reads: { ...reads, owners: false }, ...watching(wishes) };
}

function merged(a: Reads, b: Reads): Reads {
  return {
    files: [...a.files, ...b.files],
    netlink: [...a.netlink, ...b.netlink],
    commands: [...a.commands, ...b.commands],
    owners: a.owners || b.owners,
    ...(a.fallback === undefined ? {} : { fallback: a.fallback }),
  };
}

/** Joins the groups on the interfaces of the node and looks meanwhile. */
export function joinPlace(
  enter: Enter,
  groups: readonly string[],
  interfaces: readonly string[],
  duration: number,
): Place {
  const join: Join = {
    duration,
    groups,
    interfaces,
    enough: ENOUGH,
    joins: groups.map((group) => ({ group })),
    onlyIfUnseen: false,
  };
  return { id: 'node', enter, join };
}

/** `deadline` leaves room for reading before and after the looks. */
export function jobOf(places: readonly Place[]): ObserveJob {
  const looking = Math.max(0, ...places.map((place) => (place.look?.duration ?? 0) + (place.join?.duration ?? 0)));
  return { kind: 'observe', deadline: Math.ceil(looking / 1000) + 15, places };
}
