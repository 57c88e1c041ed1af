import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { podNetworkTraits } from '../../src/model/pod-networks.ts';

const source = readFileSync(new URL('../../src/facts/api/pod-network.ts', import.meta.url), 'utf8');
const detected = [...source.matchAll(/^ {2}\['([a-z-]+)', \//gm)].map((m) => m[1]!);

test('every network that can be detected has traits', () => {
  expect(detected).toContain('flannel');
  expect(detected.filter((name) => podNetworkTraits(name) === undefined)).toEqual([]);
});

test('an unknown network has none', () => {
  expect(podNetworkTraits('unknown')).toBeUndefined();
  expect(podNetworkTraits('constructor')).toBeUndefined();
});

test('traits do not contradict each other', () => {
  for (const name of detected) {
    const traits = podNetworkTraits(name)!;
    expect(traits.reach === 'none', name).toBe(traits.level === 'none');
    if (traits.crossesBoundary) expect(traits.reach, name).toBe('cluster');
    expect(traits.sentence, name).toMatch(/\.$/);
  }
});
