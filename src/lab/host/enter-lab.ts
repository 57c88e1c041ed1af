/** How this process gets into a machine of a lab, from the machine's own namespaces. */
import { enter } from './machine.ts';
import { pidIn } from './processes.ts';
import type { LabState, PlaceState } from './state.ts';

/**
 * The argv that runs another as a machine of the lab: one nsenter, so that the command ends when that is killed.
 * Undefined when the lab has just ended.
 */
export function enterLab(
  lab: Pick<LabState, 'pid'>,
  place: Pick<PlaceState, 'pid'>,
  isRoot: boolean,
  argv: readonly string[],
): string[] | undefined {
  const pid = pidIn(lab.pid, place.pid);
  if (pid === undefined) return undefined;
  const [nsenter = '', ...rest] = enter(pid, argv);
  // Root's labs have no user namespace of their own, and one's own cannot be entered (setns(2)).
  return [nsenter, ...(isRoot ? [] : ['--user', '--preserve-credentials']), ...rest];
}
