/** Facts are other people's text. Whatever stands in them, a diagnosis comes out, and no rule fails. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import type { Snapshot } from '../../src/facts/snapshot.ts';
import { renderDiagnoses } from '../../src/report/report.ts';
import { style } from '../../src/report/style.ts';
import { asksForIpv6, onHostNetwork, onPodNetworkAlone, sends } from './roles.ts';
import { neverStarted, type Patch, snapshot } from './snapshot.ts';

const ODD = [
  '',
  '...',
  'x',
  '10.0.0.0/99',
  '239.1.1.1',
  '1.2.3.4.5',
  '::',
  'ff15::1',
  '999',
  '-1',
  '{',
  '[',
  '[{}]',
  '[null]',
  '{"plugins":[]}',
  '{"type":"macvlan","ipam":{"routes":[{}],"ranges":[[1]],"rangeStart":"..."}}',
  "a'b",
  '\n',
  'a\nb',
  '\u001b[2J',
  '__proto__',
  'constructor',
];
/** What programs mean by their words; a type of another vocabulary is no fact of theirs. */
const VOCABULARY = new Set([
  'schemaVersion',
  'kind',
  'family',
  'direction',
  'unknown',
  'verdict',
  'action',
  'state',
  'outcome',
]);

type Path = readonly (string | number)[];

/** Where text or numbers stand in the snapshot. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return VOCABULARY.has(String(path.at(-1))) || path[0] === 'question' ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function changed(made: Snapshot, path: Path, text: string): Snapshot {
  const copy = structuredClone(made) as never;
  let place = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as typeof place;
  place[path.at(-1)!] = text;
  return copy;
}

const starts: Patch[] = [
  () => {},
  (d) => sends(d),
  asksForIpv6,
  onHostNetwork,
  onPodNetworkAlone,
  (d) => neverStarted(d, { reason: 'FailedCreatePodSandBox', message: 'invalid CIDR address: 239.1.1.1' }),
];

function defects(made: Snapshot): string[] {
  const list = diagnose(made, rules);
  expect(renderDiagnoses(list, 'text', style(80, false))).not.toMatch(/[\u001b]/);
  return list.flatMap((d) =>
    d.checks.filter((c) => c.reason?.includes('defect of kmcast')).map((c) => `${c.rule}: ${c.reason}`),
  );
}

test.each(starts.map((start, i) => [i, start] as const))('odd text in any place of snapshot %i', (_, start) => {
  const base = snapshot(start);
  const places = leaves(base);
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.constantFrom(...ODD), (path, text) => {
      expect(defects(changed(base, path, text))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test.each(starts.map((start, i) => [i, start] as const))('any fact missing of snapshot %i', (_, start) => {
  const base = JSON.stringify(snapshot(start));
  const facts: Path[] = [];
  const walk = (value: unknown, path: Path): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('value' in value) facts.push(path);
    for (const [key, inner] of Object.entries(value)) walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  walk(JSON.parse(base), []);
  for (const path of facts) {
    const made = JSON.parse(base);
    let place = made;
    for (const key of path.slice(0, -1)) place = place[key];
    place[path.at(-1)!] = { unknown: 'not read' };
    expect(defects(made), path.join('.')).toEqual([]);
  }
});
