/** How this process gets into a machine of a lab, from the machine's own namespaces. */

import { enter } from './machine.ts';
import { childrenOf } from './processes.ts';
import type { LabState, PlaceState } from './state.ts';

/**
 * The argv that runs another as a machine of the lab: first into the lab's namespaces, where the machine's pid is known, then
 * into the machine's. Undefined when the lab has just ended.
 */
export function enterLab(
  lab: Pick<LabState, 'pid'>,
  place: Pick<PlaceState, 'pid'>,
  isRoot: boolean,
  argv: readonly string[],
): string[] | undefined {
  const first = childrenOf(lab.pid)[0];
  if (first === undefined) return undefined;
  // Root's labs have no user namespace of their own, and one's own cannot be entered (setns(2)).
  const user = isRoot ? [] : ['--user', '--preserve-credentials'];
  return ['nsenter', '-t', String(first), ...user, '-m', '-p', '--', ...enter(place.pid, argv)];
}
