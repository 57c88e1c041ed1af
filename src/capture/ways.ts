/** The ways into a place, and what captures there. */
import type { Enter } from '../agent/protocol.ts';
import type { Access, Opened } from '../facts/observe/access.ts';
import { podEntry } from '../facts/observe/pod-entry.ts';
import type { PlaceWishes, WatchPlace } from './place.ts';

/** What captures there. Python knows directions and can join. */
export type Program = 'python3' | 'tcpdump';

export interface Way {
  readonly open: () => Promise<Opened>;
  readonly enter: Enter;
  /** In the order in which they are tried. */
  readonly programs: readonly Program[];
}

export const BOTH: readonly Program[] = ['python3', 'tcpdump'];

/**
 * Least privilege first; an ephemeral container, which stays in the pod's specification, last. Where groups are to be joined, a
 * container that has tcpdump alone comes after the node pod, from which they can be.
 */
export function waysInto(
  place: Exclude<WatchPlace, { kind: 'local' }>,
  { joins }: PlaceWishes,
  access: Access | undefined,
): Way[] {
  if (access === undefined) return [];
  if (place.kind === 'node')
    return [{ open: () => access.nodePod(place.node), enter: { kind: 'node' }, programs: BOTH }];
  const { pod, container } = place;
  const node = pod.spec.nodeName;
  const exec = { open: () => access.exec(pod, container), enter: { kind: 'here' } } as const;
  return [
    { ...exec, programs: joins.length === 0 ? BOTH : ['python3'] },
    ...(node === undefined ? [] : [{ open: () => access.nodePod(node), enter: podEntry(pod), programs: BOTH }]),
    ...(joins.length === 0 ? [] : [{ ...exec, programs: ['tcpdump'] as const }]),
    { open: () => access.ephemeral(pod), enter: { kind: 'here' }, programs: BOTH },
  ];
}
