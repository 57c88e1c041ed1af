import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { STAGES } from '../../src/doctor/rule.ts';
import { rules } from '../../src/doctor/rules/index.ts';
import { PLACES, placesOf } from '../../src/probe/place.ts';

const spoken = (name: string) => {
  const rule = rules.find(({ id }) => id === name)!;
  return placesOf({ rule: rule.id, stage: rule.stage });
};

it('knows where each rule of doctor may show, and no rule that there is not', () => {
  for (const { id, stage } of rules) expect([id, placesOf({ rule: id, stage }).length > 0]).toEqual([id, true]);
  const source = readFileSync(new URL('../../src/probe/place.ts', import.meta.url), 'utf8');
  const named = [...source.matchAll(/^ {2}'?([a-z-]+)'?: \[/gm)].map(([, name = '']) => name);
  const unknown = named.filter(
    (name) => !(STAGES as readonly string[]).includes(name) && !rules.some(({ id }) => id === name),
  );
  expect([named.length > 30, unknown]).toEqual([true, []]);
});

it('puts causes where datagrams stop, and not where applications fail to take them', () => {
  expect(spoken('snooping-without-querier')).toEqual(['network']);
  expect(spoken('nad-parent-missing')).toEqual(['attachment']);
  expect(spoken('nad-routes-misplaced')).toEqual(['membership']);
  expect(spoken('reverse-path-filter')).toEqual(['receiver']);
  for (const { id, stage } of rules.filter((rule) => rule.stage === 'socket' && !rule.id.startsWith('ipv6-')))
    expect([id, placesOf({ rule: id, stage }).includes('application')]).toEqual([id, true]);
  const silent = ['no-membership', 'source-filter-mismatch', 'no-traffic'];
  for (const name of silent) expect(spoken(name)).toContain('application');
  expect(
    PLACES.filter((place) => !rules.some((rule) => placesOf({ rule: rule.id, stage: rule.stage })[0] === place)),
  ).toEqual([]);
});
