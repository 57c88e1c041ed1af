/** What rules about files share. */
import type { ManifestFacts, SettingFacts } from '../facts/manifests/facts.ts';
import type { Case } from './case.ts';
import type { Evidence } from './rule.ts';
import { evidence } from './say.ts';

/** For rules about what only files show: said once, of all files together. */
export function notOfManifests(c: Case): string | undefined {
  if (c.snapshot.manifests === undefined) return 'only manifests (-f) show this';
  return c.target.kind === 'manifests' ? undefined : 'said of the manifests as a whole';
}

/** What the files say, when the case is about them. */
export function manifestsOf(c: Case): ManifestFacts | undefined {
  return c.target.kind === 'manifests' ? c.snapshot.manifests : undefined;
}

/** Settings of a network that match; none where no files were given. */
export function settingsOf(c: Case, product: string, name: RegExp): SettingFacts[] {
  return (manifestsOf(c)?.settings ?? []).filter((s) => s.product === product && name.test(s.name));
}

/** `multicast.enabled: true`, where it stands. */
export function settingEvidence({ at, object, name, value }: SettingFacts): Evidence {
  return evidence(at, object, value === '' ? name : `${name}: ${value}`);
}
