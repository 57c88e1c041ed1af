/** Tests of the kernel run as root, or as the one user of a user namespace (scripts/kernel), where root can be nobody else. */
import { chownSync } from 'node:fs';
import { it } from 'vitest';
import { hasManyUsers } from '../../src/lab/host/many-users.ts';

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

/** What stands before a program that runs as an ordinary user, without groups and rights. */
export const asNobody = ((): readonly string[] => {
  if (!isRoot) return ['env'];
  if (!hasManyUsers()) return ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  return ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--inh-caps=-all'];
})();

/** Gives the file to that user: in a namespace of one user it is theirs. */
export function giveToNobody(path: string): void {
  if (isRoot && hasManyUsers()) chownSync(path, NOBODY, NOBODY);
}

/** tcpdump, which reads files as another user than root. */
export const tcpdump: readonly string[] = hasManyUsers() ? ['tcpdump'] : [...asNobody, 'tcpdump'];

/** A test of what one user alone cannot do: change users, write to the machine's cgroups. */
export const itWithUsers = it.runIf(hasManyUsers());
