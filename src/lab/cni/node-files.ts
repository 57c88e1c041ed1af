/** A node's files, reached from the daemon through the node's first process: no program needs to be started for them. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Place } from '../place.ts';

/** The path here of a file of that place. Links in it that begin at the root lead to this machine's files, not to the place's. */
export function pathOf(place: Place, path: string): string {
  return `/proc/${place.pid}/root${path}`;
}

/** `undefined` where it cannot be read. */
export async function readOn(place: Place, path: string): Promise<string | undefined> {
  return readFile(pathOf(place, path), 'utf8').catch(() => undefined);
}

/** Names in a folder, sorted; none where it is missing. */
export async function listOn(place: Place, folder: string): Promise<string[]> {
  const names = await readdir(pathOf(place, folder)).catch(() => []);
  return names.sort();
}

/** Whole or not at all, for readers at the same time; makes the folder. */
export async function writeOn(place: Place, path: string, text: string): Promise<void> {
  const file = pathOf(place, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

export async function removeOn(place: Place, path: string): Promise<void> {
  await rm(pathOf(place, path), { force: true });
}
