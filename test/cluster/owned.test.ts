import { describe, expect, it } from 'vitest';
import { type Cluster, ClusterError, type KubeObject, type ObjectMeta } from '../../src/cluster/cluster.ts';
import { findOwned, newRunId, ownLabels, removeOwned } from '../../src/cluster/owned.ts';

const forbidden = (what: string) => new ClusterError('forbidden', `${what} is forbidden`);

/** A cluster of lists by path; a path that has none refuses. */
function clusterOf(
  lists: Record<string, KubeObject[]>,
  onDelete: (path: string) => void = () => undefined,
): Cluster & { readonly selectors: Set<string> } {
  const selectors = new Set<string>();
  const unused = () => Promise.reject(new Error('not used'));
  return {
    context: 'c',
    namespace: 'mine',
    server: 'https://s',
    selectors,
    list: async <T>(path: string, query?: Readonly<Record<string, string>>) => {
      if (query?.labelSelector !== undefined) selectors.add(query.labelSelector);
      const found = lists[query?.labelSelector === undefined ? `${path}?` : path] ?? lists[path];
      if (found === undefined) throw forbidden(path);
      return found as T[];
    },
    delete: async (path) => onDelete(path),
    get: unused,
    text: unused,
    create: unused,
    patch: unused,
    watch: unused,
    exec: unused,
    can: unused,
  };
}

const object = (name: string, more: Partial<ObjectMeta> = {}): KubeObject => ({
  metadata: { name, uid: `uid-${name}`, namespace: 'video', labels: ownLabels('1a2b3c4d'), ...more },
});
const job = object('kmcast-1a2b');
const itsPod = object('kmcast-1a2b-x', {
  ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'kmcast-1a2b', uid: 'uid-kmcast-1a2b' }],
});

describe('what kmcast left', () => {
  it('is found in the whole cluster, without what goes with its owner', async () => {
    const cluster = clusterOf({
      '/api/v1/namespaces': [{ metadata: { name: 'kmcast-test', labels: ownLabels('1a2b3c4d') } }],
      '/apis/apps/v1/daemonsets': [],
      '/apis/batch/v1/jobs': [job],
      '/api/v1/pods': [itsPod, object('kmcast-alone', { creationTimestamp: '2026-01-01T00:00:00Z' })],
    });
    const { found, refused } = await findOwned(cluster);
    expect(found.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'Job /apis/batch/v1/namespaces/video/jobs/kmcast-1a2b',
      'Pod /api/v1/namespaces/video/pods/kmcast-alone',
      'Namespace /api/v1/namespaces/kmcast-test',
    ]);
    expect(found[1]).toMatchObject({ run: '1a2b3c4d', created: '2026-01-01T00:00:00Z', namespace: 'video' });
    expect(refused).toEqual([]);
    expect([...cluster.selectors]).toEqual(['app.kubernetes.io/managed-by=kmcast']);
  });

  it('is found in one namespace, of one run', async () => {
    const cluster = clusterOf({
      '/apis/apps/v1/namespaces/video/daemonsets': [],
      '/apis/batch/v1/namespaces/video/jobs': [job],
      '/api/v1/namespaces/video/pods': [],
    });
    expect((await findOwned(cluster, 'video', '1a2b3c4d')).found.map(({ name }) => name)).toEqual(['kmcast-1a2b']);
    expect([...cluster.selectors]).toEqual(['app.kubernetes.io/managed-by=kmcast,kmcast.io/run=1a2b3c4d']);
  });

  it('is looked for namespace by namespace where that must be, and refusals are named', async () => {
    const cluster = clusterOf({
      '/api/v1/namespaces?': [object('video'), object('audio')],
      '/apis/apps/v1/daemonsets': [],
      '/apis/batch/v1/jobs': [],
      '/api/v1/namespaces/video/pods': [object('kmcast-alone')],
    });
    const { found, refused } = await findOwned(cluster);
    expect(found.map(({ name }) => name)).toEqual(['kmcast-alone']);
    expect(refused).toEqual([
      { what: 'namespaces', reason: '/api/v1/namespaces is forbidden' },
      { what: 'pods in namespace audio', reason: '/api/v1/namespaces/audio/pods is forbidden' },
    ]);
  });

  it('is looked for in the own namespace when others cannot even be listed', async () => {
    const { found, refused } = await findOwned(
      clusterOf({
        '/api/v1/namespaces/mine/pods': [object('kmcast-alone')],
        '/apis/apps/v1/daemonsets': [],
        '/apis/batch/v1/jobs': [],
      }),
    );
    expect(found.map(({ name }) => name)).toEqual(['kmcast-alone']);
    expect(refused.map(({ what }) => what)).toContain('pods outside namespace mine');
  });

  it('fails when the server is not there', async () => {
    const cluster = { ...clusterOf({}), list: () => Promise.reject(new ClusterError('unreachable', 'gone')) };
    await expect(findOwned(cluster)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('is removed, and what is refused is named', async () => {
    const all = clusterOf(
      {
        '/api/v1/namespaces': [],
        '/apis/apps/v1/daemonsets': [],
        '/apis/batch/v1/jobs': [job],
        '/api/v1/pods': [object('kmcast-alone')],
      },
      (path) => {
        if (path.includes('jobs')) throw forbidden('delete jobs');
      },
    );
    const { removed, refused } = await removeOwned(all, (await findOwned(all)).found);
    expect(removed.map(({ name }) => name)).toEqual(['kmcast-alone']);
    expect(refused).toEqual([{ what: 'Job video/kmcast-1a2b', reason: 'delete jobs is forbidden' }]);
  });

  it('carries the run', () => {
    const run = newRunId();
    expect(run).toMatch(/^[0-9a-f]{8}$/);
    expect(ownLabels(run)).toEqual({ 'app.kubernetes.io/managed-by': 'kmcast', 'kmcast.io/run': run });
  });
});
