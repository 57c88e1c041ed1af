import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { status } from './fake-api.ts';
import { apisOfTests, list, named, PODS } from './pods-api.ts';

const clusterWith = apisOfTests();

describe('requests', () => {
  it('get, create, patch and delete say what they mean, over one kept connection', async () => {
    const { api, cluster } = await clusterWith(() => ({ body: named('rx') }));
    expect(await cluster.get<KubeObject>(`${PODS}/rx`, { pretty: 'a b' })).toEqual(named('rx'));
    await cluster.create(PODS, { a: 1 }, { dryRun: 'All' });
    await cluster.patch(`${PODS}/rx`, { b: 2 });
    await cluster.patch(`${PODS}/rx`, [], 'json');
    await cluster.patch(`${PODS}/rx`, {}, 'merge');
    await cluster.delete(`${PODS}/rx`, { propagationPolicy: 'Background', gracePeriodSeconds: 0 });
    expect(
      api.asked.map(({ method, url, headers, body }) => [
        method,
        url.pathname + url.search,
        headers['content-type'],
        body,
      ]),
    ).toEqual([
      ['GET', `${PODS}/rx?pretty=a+b`, undefined, ''],
      ['POST', `${PODS}?dryRun=All`, 'application/json', '{"a":1}'],
      ['PATCH', `${PODS}/rx`, 'application/strategic-merge-patch+json', '{"b":2}'],
      ['PATCH', `${PODS}/rx`, 'application/json-patch+json', '[]'],
      ['PATCH', `${PODS}/rx`, 'application/merge-patch+json', '{}'],
      [
        'DELETE',
        `${PODS}/rx`,
        'application/json',
        expect.stringContaining('"propagationPolicy":"Background","gracePeriodSeconds":0'),
      ],
    ]);
    expect(api.asked[0]?.headers.authorization).toBe('Bearer secret');
    expect(api.connections()).toBe(1);
  });

  it('asks again on a fresh connection when the kept one was closed meanwhile', async () => {
    const used = new WeakSet<object>();
    const { api, cluster } = await clusterWith((_, { socket }) => {
      if (socket === null || used.has(socket)) {
        socket?.destroy();
        return undefined;
      }
      used.add(socket);
      return { body: named('rx') };
    });
    for (let i = 0; i < 5; i++) expect(await cluster.get(`${PODS}/rx`)).toEqual(named('rx'));
    expect(api.connections()).toBe(5);
  });

  it('reads compressed answers', async () => {
    const { cluster } = await clusterWith((asked, response) => {
      expect(asked.headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(named('rx'))));
      return undefined;
    });
    expect(await cluster.get(`${PODS}/rx`)).toEqual(named('rx'));
  });

  it('keeps the path of a server behind another (Rancher)', async () => {
    const { api } = await clusterWith(() => ({ body: named('x') }));
    const cluster = await api.cluster({ server: { server: `https://127.0.0.1:${api.port}/k8s/clusters/c-1/` } });
    await cluster.get('/api/v1/nodes/x');
    expect(api.asked[0]?.url.pathname).toBe('/k8s/clusters/c-1/api/v1/nodes/x');
  });

  it('deletes what is gone without complaint', async () => {
    const { cluster } = await clusterWith(() => status(404, 'NotFound', 'pods "rx" not found', { name: 'rx' }));
    await expect(cluster.delete(`${PODS}/rx`)).resolves.toBeUndefined();
  });
});

describe('lists', () => {
  it('follows pages and gives items their kind', async () => {
    const { api, cluster } = await clusterWith(({ url }) =>
      url.searchParams.get('continue') === null ? list(['a', 'b'], 'more') : list(['c']),
    );
    const pods = await cluster.list(PODS, { labelSelector: 'a=b' });
    expect(pods.map((pod) => `${pod.kind} ${pod.apiVersion} ${pod.metadata.name}`)).toEqual([
      'Pod v1 a',
      'Pod v1 b',
      'Pod v1 c',
    ]);
    expect(api.asked.map(({ url }) => url.search)).toEqual([
      '?limit=500&labelSelector=a%3Db',
      '?limit=500&labelSelector=a%3Db&continue=more',
    ]);
  });

  it('begins again when the server forgot where it was, without giving anything twice', async () => {
    let gone = 1;
    const { cluster } = await clusterWith(({ url }) => {
      if (url.searchParams.get('continue') === null) return list(['a'], 'more');
      return gone-- > 0 ? status(410, 'Expired', 'too old') : list(['b']);
    });
    expect((await cluster.list(PODS)).map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  });

  it('does not begin again for ever', async () => {
    const { api, cluster } = await clusterWith(({ url }) =>
      url.searchParams.get('continue') === null ? list(['a'], 'more') : status(410, 'Expired', 'too old'),
    );
    await expect(cluster.list(PODS)).rejects.toMatchObject({
      kind: 'other',
      message: expect.stringContaining('expired 3 times'),
    });
    expect(api.asked).toHaveLength(6);
  });
});

describe('waiting for the server', () => {
  it('retries 429 as the server asks', async () => {
    let busy = 2;
    const { api, cluster } = await clusterWith(() =>
      busy-- > 0
        ? { ...status(429, 'TooManyRequests', 'slow'), headers: { 'retry-after': '0' } }
        : { body: named('rx') },
    );
    expect(await cluster.get(`${PODS}/rx`)).toEqual(named('rx'));
    expect(api.asked).toHaveLength(3);
  });

  it('gives up after some retries', async () => {
    const { api, cluster } = await clusterWith(() => ({
      ...status(429, 'TooManyRequests', 'slow'),
      headers: { 'retry-after': '0' },
    }));
    await expect(cluster.get(`${PODS}/rx`)).rejects.toMatchObject({ kind: 'throttled' });
    expect(api.asked).toHaveLength(4);
  });

  it('gives up when nothing comes', async () => {
    const { api } = await clusterWith(() => undefined);
    const cluster = await api.cluster({ requestTimeout: 150 });
    await expect(cluster.get(`${PODS}/rx`)).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('did not answer within 0.15 s (pod rx in namespace video)'),
    });
  });

  it('gives up when an answer stops in the middle', async () => {
    const { api } = await clusterWith((_, response) => {
      response.writeHead(200).write('{"a":');
      return undefined;
    });
    const cluster = await api.cluster({ requestTimeout: 150 });
    await expect(cluster.get(`${PODS}/rx`)).rejects.toMatchObject({ kind: 'timeout' });
  });
});
