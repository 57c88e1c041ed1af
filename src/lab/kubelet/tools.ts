/**
 * Programs of this machine that are needed inside a container whose root has none of them. They are handed over as open files,
 * which are executed by /proc/self/fd/N: their libraries are in every container, since the machine's are bound there.
 */
import { openSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isExecutable } from '../executable.ts';

const PLACES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const opened = new Map<string, number>();

/** An open file of a program, for the `stdio` of a child; the same one each time. Throws where the program is not installed. */
export function openTool(name: string): number {
  const known = opened.get(name);
  if (known !== undefined) return known;
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed on this machine, and containers are made with it`);
  const file = openSync(path, 'r');
  opened.set(name, file);
  return file;
}

/** Where this machine has a program: the system's own before those that a user's PATH adds. */
export function findProgram(name: string): string | undefined {
  return [...PLACES, ...(process.env.PATH ?? '').split(delimiter)]
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}
