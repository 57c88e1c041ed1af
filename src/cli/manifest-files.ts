/** Manifests from files, folders and stdin. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestFile } from '../facts/manifests/documents.ts';
import { manifestSnapshot } from '../facts/manifests/snapshot.ts';
import type { Snapshot } from '../facts/snapshot.ts';
import { EXIT, UserError } from './exit.ts';
import type { LookOptions } from './options.ts';
import { VERSION } from './version.ts';

const MANIFEST = /\.(ya?ml|json)$/;

/** Throws UserError when a file cannot be read, is no YAML, or when there is nothing in them all. */
export async function readManifests(names: readonly string[], options: LookOptions): Promise<Snapshot> {
  const files = (await Promise.all([...new Set(names)].map(read))).flat();
  const snapshot = manifestSnapshot(files, {
    written: names,
    namespace: options.namespace ?? 'default',
    groups: options.group ?? [],
    ...(options.source === undefined ? {} : { source: options.source }),
    version: VERSION,
    now: new Date(),
  });
  if ('problem' in snapshot)
    throw new UserError(`${snapshot.at} is neither YAML nor JSON: ${snapshot.problem}`, {
      hint: 'render templates first: helm template … | kmcast doctor -f -, or kubectl kustomize DIR | kmcast doctor -f -',
      status: EXIT.usage,
    });
  if (snapshot.manifests?.objects === 0)
    throw new UserError(`no manifest in ${names.join(', ')}`, {
      hint: 'name files or folders with YAML or JSON of Kubernetes objects, or - for stdin',
    });
  return snapshot;
}

async function read(name: string): Promise<ManifestFile[]> {
  try {
    if (name === '-') return [{ name: 'stdin', text: await readStdin() }];
    if (!(await stat(name)).isDirectory()) return [{ name, text: await readFile(name, 'utf8') }];
    const inside = await readdir(name, { recursive: true, withFileTypes: true });
    const paths = inside.filter((entry) => entry.isFile() && MANIFEST.test(entry.name)).map(pathOf);
    return await Promise.all(paths.sort().map(async (path) => ({ name: path, text: await readFile(path, 'utf8') })));
  } catch (error) {
    throw new UserError(`${name} could not be read: ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'name a file or folder that you may read, or - for stdin',
      status: EXIT.usage,
    });
  }
}

function pathOf(entry: { readonly parentPath: string; readonly name: string }): string {
  return join(entry.parentPath, entry.name);
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
