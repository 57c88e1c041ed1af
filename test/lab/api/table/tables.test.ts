import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { humanDuration } from '../../../../src/lab/api/table/duration.ts';
import { tableOf } from '../../../../src/lab/api/table/tables.ts';
import type { KubeObject } from '../../../../src/lab/object.ts';
import { createStore } from '../../../../src/lab/store/memory-store.ts';
import { RESOURCES, type Resource } from '../../../../src/lab/store/resources.ts';

interface Real {
  readonly path: string;
  readonly columns: readonly [string, string, string, number][];
  readonly rows: readonly unknown[][];
  readonly items: readonly KubeObject[];
}

interface Made {
  readonly columnDefinitions: readonly { name: string; type: string; format: string; priority: number }[];
  readonly rows: readonly { cells: unknown[] }[];
}

/** Tables of Kubernetes 1.34 and the objects in them. */
const tables: Real[] = JSON.parse(readFileSync(new URL('../fixtures/tables.json', import.meta.url), 'utf8'));
const AGE = /\b\d+[smhd](\d+[smhd])?\b/g;

describe('tables as the API server makes them', () => {
  it.each(tables.map((table) => [table.path, table] as const))('%s', (path, real) => {
    const table = tableOf(createStore(), resourceOf(path), real.items, {}, 'None') as Made;
    expect(table.columnDefinitions.map(({ name, type, format, priority }) => [name, type, format, priority])).toEqual(
      real.columns,
    );
    expect(table.rows.map(({ cells }) => cells.map(ageless))).toEqual(real.rows.map((cells) => cells.map(ageless)));
  });

  it.each([
    ['waits', { containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }] }, 'ImagePullBackOff', '0'],
    ['ended without a reason', { containerStatuses: [{ state: { terminated: { exitCode: 3 } } }] }, 'ExitCode:3', '0'],
    ['killed', { containerStatuses: [{ state: { terminated: { signal: 9, exitCode: 137 } } }] }, 'Signal:9', '0'],
    ['initializes', { phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] }, 'Init:0/1', '0'],
    [
      'failed to initialize',
      { initContainerStatuses: [{ state: { terminated: { exitCode: 1, reason: 'Error' } } }] },
      'Init:Error',
      '0',
    ],
    [
      'restarted',
      {
        phase: 'Running',
        containerStatuses: [
          {
            restartCount: 2,
            state: { running: {} },
            lastState: { terminated: { finishedAt: '2026-01-01T00:00:00Z' } },
          },
        ],
      },
      'Running',
      '2 (5m ago)',
    ],
    ['was evicted', { phase: 'Failed', reason: 'Evicted' }, 'Evicted', '0'],
  ])('says of a pod that %s: %3$s', (_, status, reason, restarts) => {
    vi.setSystemTime('2026-01-01T00:05:00Z');
    const pod = { metadata: { name: 'a' }, spec: { containers: [{}], initContainers: [{}] }, status };
    const table = tableOf(
      createStore(),
      resourceOf('/api/v1/pods'),
      [pod as unknown as KubeObject],
      {},
      'None',
    ) as Made;
    expect(table.rows[0]?.cells.slice(2, 4)).toEqual([reason, restarts]);
    vi.useRealTimers();
  });

  it.each([
    ['Running', 'Terminating'],
    ['Succeeded', 'Succeeded'],
  ])('says of a pod that is being deleted and %s: %s', (phase, word) => {
    const metadata = { name: 'a', deletionTimestamp: '2026-01-01T00:00:00Z' };
    const pod = { metadata, spec: { containers: [{}] }, status: { phase } } as unknown as KubeObject;
    const table = tableOf(createStore(), resourceOf('/api/v1/pods'), [pod], {}, 'None') as Made;
    expect(table.rows[0]?.cells[2]).toBe(word);
  });

  it('shows the columns that a definition asks for', () => {
    const store = createStore();
    store.create('customresourcedefinitions.apiextensions.k8s.io', {
      metadata: { name: 'things.x.y' },
      spec: {
        group: 'x.y',
        scope: 'Cluster',
        names: { plural: 'things', kind: 'Thing' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            additionalPrinterColumns: [{ name: 'Range', type: 'string', jsonPath: '.spec.range' }],
          },
        ],
      },
    });
    const thing = { metadata: { name: 'a' }, spec: { range: '10/8' } } as unknown as KubeObject;
    const resource = { plural: 'things', group: 'x.y', version: 'v1', custom: true } as Resource;
    expect((tableOf(store, resource, [thing], {}, 'None') as Made).rows[0]?.cells).toEqual(['a', '10/8']);
  });
});

it.each([
  [-5, '<invalid>'],
  [-1, '0s'],
  [119, '119s'],
  [120, '2m'],
  [121, '2m1s'],
  [600, '10m'],
  [179 * 60, '179m'],
  [180 * 60, '3h'],
  [181 * 60, '3h1m'],
  [47 * 3600, '47h'],
  [49 * 3600, '2d1h'],
  [8 * 86400, '8d'],
  [800 * 86400, '2y70d'],
  [9 * 365 * 86400, '9y'],
])('writes %i s as %s', (seconds, text) => {
  expect(humanDuration(seconds)).toBe(text);
});

function ageless(cell: unknown): unknown {
  return typeof cell === 'string' && !cell.includes('/') ? cell.replace(AGE, 'AGE') : cell;
}

function resourceOf(path: string): Resource {
  const plural = path.split('/').at(-1);
  const known = RESOURCES.find((resource) => resource.plural === plural);
  return (
    known ??
    ({ plural: 'network-attachment-definitions', group: 'k8s.cni.cncf.io', version: 'v1', custom: true } as Resource)
  );
}
