/** Programs that tests compare kmcast with. */
import { join } from 'node:path';
import { isExecutable } from '../../src/lab/executable.ts';

/**
 * Path of a program that the test cannot do without. scripts/setup installs them; where one is missing the test fails with
 * its name: a comparison that did not happen must not look like one that held.
 */
export function requireTool(name: string): string {
  // A user's PATH may lack the folders of system administration.
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  const path = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (path === undefined) throw new Error(`${name} is not installed, and this test needs it: scripts/setup`);
  return path;
}
