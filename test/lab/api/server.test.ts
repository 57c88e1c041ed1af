import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { connect } from '../../../src/cluster/connect.ts';
import { wireFields } from '../../../src/lab/api/protobuf/wire.ts';
import type { KubeObject } from '../../../src/lab/object.ts';
import { type LabServer, startLabServer } from './lab-server.ts';

let server: LabServer;
let cluster: Cluster;
const PODS = '/api/v1/namespaces/default/pods';

beforeAll(async () => {
  server = await startLabServer();
  cluster = await connect({ kubeconfig: server.kubeconfig, environment: {} });
});
afterAll(() => server.stop());

describe("kmcast's own client", () => {
  it('makes, reads, patches and deletes', async () => {
    await cluster.create(PODS, pod('a'));
    expect((await cluster.get<KubeObject>(`${PODS}/a`)).spec.dnsPolicy).toBe('ClusterFirst');
    await cluster.patch(`${PODS}/a`, { metadata: { labels: { x: 'y' } } });
    expect((await cluster.list(PODS, { labelSelector: 'x=y' })).length).toBe(1);
    await cluster.delete(`${PODS}/a`);
    await expect(cluster.get(`${PODS}/a`)).rejects.toMatchObject({ kind: 'not-found' });
    await cluster.delete(`${PODS}/a`);
  });

  it('sees an add-on that is not there as not there', async () => {
    await expect(cluster.get('/apis/cilium.io/v2/ciliumnodes')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('watches from a list on', async () => {
    const seen: string[] = [];
    const done = cluster.watch<KubeObject>(PODS, { labelSelector: 'w=1' }, 5000, (type, object) => {
      seen.push(`${type} ${object.metadata.name}`);
      return type === 'DELETED';
    });
    server.store.create('pods', { ...pod('w'), metadata: { name: 'w', namespace: 'default', labels: { w: '1' } } });
    server.store.create('pods', { ...pod('v'), metadata: { name: 'v', namespace: 'default' } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.store.mutate('pods', 'default', 'w', ({ metadata }) => {
      metadata.labels = {};
    });
    expect(await done).toBe(true);
    expect(seen.at(-1)).toBe('DELETED w');
    expect(seen).not.toContain('ADDED v');
  });

  it('asks what it may', async () => {
    expect((await cluster.can({ verb: 'create', resource: 'pods', namespace: 'default' })).allowed).toBe(true);
  });
});

it('leaves the validation of what kubectl applies to itself, in the form that kubectl asks for', async () => {
  const { code, text } = await server.call('GET', '/openapi/v2', undefined, {
    accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
  });
  expect([code, [...wireFields(Buffer.from(text))].map(({ number }) => number)]).toEqual([200, [1, 2]]);
});

describe('watching', () => {
  it('begins where a list ended, and tells who comes too late', async () => {
    const list = await server.call('GET', '/api/v1/namespaces/default/configmaps');
    server.store.create('configmaps', { metadata: { name: 'c', namespace: 'default' } });
    const from = list.body?.metadata.resourceVersion;
    const path = '/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=1';
    const reply = await server.call('GET', `${path}&resourceVersion=${from}`);
    expect(
      reply.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['ADDED']);
    const late = await server.call('GET', `${path}&resourceVersion=1`);
    expect(JSON.parse(late.text)).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  });

  it('streams a list with a bookmark at its end', async () => {
    const query =
      'watch=true&sendInitialEvents=true&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersionMatch=NotOlderThan';
    const reply = await server.call('GET', `/api/v1/namespaces?${query}`);
    const events = reply.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.slice(0, 4).map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'ADDED', 'ADDED']);
    expect(events[4]).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
  });
});

describe('lists', () => {
  it('come in pages', async () => {
    const first = (await server.call('GET', '/api/v1/namespaces?limit=3')).body;
    expect(first?.items.map(({ metadata }: KubeObject) => metadata.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
    ]);
    expect(first?.metadata).toMatchObject({ remainingItemCount: 1 });
    const token = Object(first?.metadata).continue;
    const second = (await server.call('GET', `/api/v1/namespaces?limit=3&continue=${token}`)).body;
    expect(second?.items.map(({ metadata }: KubeObject) => metadata.name)).toEqual(['kube-system']);
    expect(Object(second?.metadata).continue).toBeUndefined();
  });
});

describe('the door', () => {
  it('opens with a certificate or a token, and to health without either', async () => {
    expect((await server.anonymous('GET', '/readyz')).text).toBe('ok');
    expect((await server.anonymous('GET', '/api/v1/pods')).code).toBe(401);
    expect((await server.anonymous('GET', '/api/v1/pods', { authorization: 'Bearer x.y.z' })).code).toBe(401);
    server.store.create('serviceaccounts', { metadata: { name: 'bot', namespace: 'default' } });
    const token = server.issueToken('default', 'bot', 600);
    const reply = await server.anonymous('GET', '/api/v1/pods', { authorization: `Bearer ${token}` });
    expect([reply.code, reply.body?.message]).toEqual([
      403,
      'pods is forbidden: User "system:serviceaccount:default:bot" cannot list resource "pods" in API group "" at the cluster scope',
    ]);
  });

  it('keeps its key from others', async () => {
    expect((await stat(server.kubeconfig)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['GET', '/api/v1/namespaces/%'],
    ['GET', '/api/v1/pods?labelSelector=%E0%A4%A'],
    ['GET', '//'],
    ['OPTIONS', '/api/v1/pods'],
    ['DELETE', '/api/v1/pods/x'],
    ['POST', '/api/v1/namespaces/default/pods'],
    ['PATCH', '/api/v1/namespaces/default/pods/x'],
    ['PUT', '/api/v1/namespaces/default/pods/x/scale'],
  ])('survives %s %s', async (method, path) => {
    const reply = await server.call(method, path, '[1, {"a": null}]');
    expect(reply.code).toBeGreaterThanOrEqual(200);
    expect(reply.code).toBeLessThan(500);
    expect((await server.anonymous('GET', '/readyz')).code).toBe(200);
  });

  it('refuses what is too large', async () => {
    const reply = await server.call('POST', PODS, `{"a": "${'x'.repeat(4 << 20)}"}`);
    expect(reply.code).toBe(413);
  });
});

function pod(name: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'lab/app:1' }] },
  };
}
