/** API servers of a file's tests, closed after each of them, and lists of pods as it may answer them. */
import { afterEach, vi } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { type FakeApi, fakeApi, type Handler } from './fake-api.ts';

export const PODS = '/api/v1/namespaces/video/pods';

/** Called once, by the file; what it returns makes a server. */
export function apisOfTests(): (handler: Handler) => Promise<{ api: FakeApi; cluster: Cluster }> {
  const apis: FakeApi[] = [];
  afterEach(async () => {
    vi.useRealTimers();
    await Promise.all(apis.splice(0).map((api) => api.close()));
  });
  return async (handler) => {
    const api = await fakeApi(handler);
    apis.push(api);
    return { api, cluster: await api.cluster({ requestTimeout: 2000 }) };
  };
}

export const named = (name: string) => ({ metadata: { name } });

/** A page; `next` is the token of the one that follows. */
export const list = (names: string[], next?: string) => ({
  body: {
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { ...(next === undefined ? {} : { continue: next }) },
    items: names.map(named),
  },
});
