/** Manifests for tests of rules: files as text, and what one rule makes of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { diagnose } from '../../src/doctor/diagnose.ts';
import type { Finding } from '../../src/doctor/diagnosis.ts';
import type { Rule } from '../../src/doctor/rule.ts';
import type { ManifestFile } from '../../src/facts/manifests/documents.ts';
import { manifestSnapshot } from '../../src/facts/manifests/snapshot.ts';
import type { Snapshot } from '../../src/facts/snapshot.ts';
import { parseGroup } from '../../src/model/group.ts';

const FIXTURES = new URL('../facts/manifests/fixtures/', import.meta.url);

/** Files of the fixtures by name; those of a folder are all of it. */
export function fixture(name: string): ManifestFile[] {
  const names = name.includes('.')
    ? [name]
    : readdirSync(new URL(`${name}/`, FIXTURES)).map((file) => `${name}/${file}`);
  return names.map((path) => ({ name: path, text: readFileSync(new URL(path, FIXTURES), 'utf8') }));
}

/** The snapshot of files, or of one text. */
export function snapshotOf(files: readonly ManifestFile[] | string, groups: readonly string[] = []): Snapshot {
  const list = typeof files === 'string' ? [{ name: 'a.yaml', text: files }] : files;
  const made = manifestSnapshot(list, {
    written: list.map(({ name }) => name),
    namespace: 'video',
    groups: groups.map(parseGroup).filter((group) => typeof group !== 'string'),
    version: '0.0.0',
    now: new Date(0),
  });
  if ('problem' in made) throw new Error(`${made.at} ${made.problem}`);
  return made;
}

/** What the rule finds in the files, of whatever they say. */
export function findings(rule: Rule, files: readonly ManifestFile[] | string, groups?: readonly string[]): Finding[] {
  return diagnose(snapshotOf(files, groups), [rule]).flatMap((diagnosis) => diagnosis.findings);
}
