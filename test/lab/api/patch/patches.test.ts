import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonPatch } from '../../../../src/lab/api/patch/json-patch.ts';
import { mergePatch } from '../../../../src/lab/api/patch/merge-patch.ts';
import type { Json, JsonMap } from '../../../../src/lab/api/patch/part.ts';
import { strategicMerge } from '../../../../src/lab/api/patch/strategic-merge.ts';
import type { KubeObject } from '../../../../src/lab/object.ts';
import { setDefaults } from '../../../../src/lab/store/defaults.ts';

interface Case {
  readonly label: string;
  readonly type: string;
  readonly patch: Json;
  readonly code: number;
  readonly before?: JsonMap;
  readonly after?: JsonMap;
  readonly message?: string;
}

/** What Kubernetes 1.34 made of each patch (server-side dry run). */
const { before, cases }: { before: JsonMap; cases: Case[] } = JSON.parse(
  readFileSync(new URL('../fixtures/patches.json', import.meta.url), 'utf8'),
);

describe('patches as the API server carries them out', () => {
  it.each(cases.filter(({ code }) => code === 200).map((one) => [one.label, one] as const))('%s', (_, one) => {
    const target = one.before ?? before;
    const kept = structuredClone(target);
    expect(plain(carryOut(target, one))).toEqual(plain(one.after!));
    expect(target).toEqual(kept);
  });

  it.each(cases.filter(({ label }) => label.startsWith('json') && label !== '').filter(({ code }) => code === 422))(
    'refuses $label',
    (one) => {
      expect(() => carryOut(before, one)).toThrow(one.message);
    },
  );

  it('names the element without its key, and the unknown directive', () => {
    expect(() => strategicMerge({}, { spec: { containers: [{ image: 'b' }] } })).toThrow(
      'map: map[image:b] does not contain declared merge key: name',
    );
    expect(() => strategicMerge({}, { spec: { $patch: 'foo' } })).toThrow(
      'unknown patch type: foo in map: map[$patch:foo]',
    );
  });

  it('never reaches a prototype', () => {
    expect(() => jsonPatch({}, [{ op: 'add', path: '/__proto__/x', value: 1 }])).toThrow();
    expect(() => jsonPatch({}, [{ op: 'add', path: '/__proto__', value: {} }])).toThrow();
    mergePatch({}, JSON.parse('{"__proto__": {"polluted": 1}}'));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

function carryOut(target: JsonMap, { type, patch }: Case): Json {
  if (type.startsWith('application/json-patch')) return jsonPatch(target, patch);
  return type.startsWith('application/merge') ? mergePatch(target, patch) : strategicMerge(target, patch as JsonMap);
}

/** With defaults, and without what controllers wrote and what is empty. */
function plain(value: Json): unknown {
  const object = structuredClone(value) as unknown as KubeObject;
  const resource = { Deployment: 'deployments.apps', Service: 'services' }[object.kind] ?? 'configmaps';
  setDefaults(resource, object, object);
  delete object.status;
  delete object.metadata.annotations?.['deployment.kubernetes.io/revision'];
  return JSON.parse(JSON.stringify(object), (_, inner) =>
    inner === null || (typeof inner === 'object' && Object.keys(inner).length === 0) ? undefined : inner,
  );
}
