import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { connect } from '../../../src/cluster/connect.ts';
import { wireFields } from '../../../src/lab/api/protobuf/wire.ts';
import type { KubeObject } from '../../../src/lab/object.ts';
import { StatusError } from '../../../src/lab/store.ts';
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

describe('exec', () => {
  beforeAll(() => {
    server.store.create('pods', { ...pod('x'), metadata: { name: 'x', namespace: 'default' } });
    server.store.mutate('pods', 'default', 'x', ({ spec }) => {
      spec.nodeName = 'node1';
    });
  });

  it('carries both outputs and the exit code', async () => {
    const { end, out, err } = await run(['sh', '-c', 'echo out; echo err >&2; exit 3']);
    expect([end, out, err]).toEqual([expect.objectContaining({ kind: 'exited', code: 3 }), 'out\n', 'err\n']);
  });

  it('carries stdin, and ends the process when the client goes', async () => {
    const before = server.runtime.released;
    const abort = new AbortController();
    const { end, out } = await run(['cat'], { stdin: Buffer.from('hello'), signal: abort.signal }, () => abort.abort());
    expect([end.kind, out]).toEqual(['interrupted', 'hello']);
    await expect.poll(() => server.runtime.released).toBeGreaterThan(before);
  });

  it('ends the process of a client that went while it was started', async () => {
    const { released, exec } = server.runtime;
    server.runtime.exec = async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return exec.call(server.runtime, request);
    };
    const { end } = await run(['cat'], { stdin: Buffer.from('hello'), signal: AbortSignal.timeout(100) });
    server.runtime.exec = exec;
    expect(end.kind).toBe('interrupted');
    await expect.poll(() => server.runtime.released).toBeGreaterThan(released);
  });

  it('loses nothing of much output to a slow reader, and does not hold it all in memory', async () => {
    let bytes = 0;
    const end = await cluster.exec({
      namespace: 'default',
      pod: 'x',
      command: ['head', '-c', '20000000', '/dev/zero'],
      deadline: 20_000,
      onStdout: async (chunk) => {
        bytes += chunk.length;
        if (bytes % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      },
    });
    expect([end.kind, bytes]).toEqual(['exited', 20_000_000]);
  });

  it('says which program could not be started', async () => {
    const { end } = await run(['no-such-program']);
    expect(end).toMatchObject({ kind: 'not-started', message: expect.stringContaining('executable file not found') });
  });

  it.each([
    ['container', { container: 'zz' }, 'container zz is not valid for pod x'],
    ['pod', { pod: 'nope' }, 'nope'],
  ])('refuses a %s that is not there', async (_, more, words) => {
    const { end } = await run(['true'], more);
    expect(end).toMatchObject({ kind: 'not-started', message: expect.stringContaining(words) });
  });

  it('tells of what the kubelet refuses', async () => {
    const original = server.runtime.attach;
    server.runtime.attach = () =>
      Promise.reject(
        new StatusError(400, 'BadRequest', 'container "x" in pod "x" is waiting to start: ContainerCreating'),
      );
    const { end } = await run([], { attach: true });
    server.runtime.attach = original;
    expect(end).toMatchObject({ kind: 'not-started', message: expect.stringContaining('ContainerCreating') });
  });
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

describe('fields that do not exist', () => {
  const strict = '?fieldValidation=Strict&dryRun=All';

  it.each([
    ['spec.hostNetwrk', { spec: { hostNetwrk: true, containers: [{ name: 'c', image: 'a' }] } }],
    [
      'spec.containers[0].volumeMounts[0].path',
      { spec: { containers: [{ name: 'c', image: 'a', volumeMounts: [{ path: '/' }] }] } },
    ],
    ['metadata.label', { metadata: { name: 'a', label: {} }, spec: { containers: [{ name: 'c', image: 'a' }] } }],
  ])('are named where the client asks: %s', async (path, more) => {
    const reply = await server.call('POST', `${PODS}${strict}`, { ...pod('s'), ...more });
    expect([reply.code, reply.body?.message]).toEqual([
      400,
      `Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "${path}"`,
    ]);
  });

  it('are named in custom objects too, and all that exist are known', async () => {
    const nads = '/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions';
    const wrong = await server.call('POST', `${nads}${strict}`, {
      metadata: { name: 'n' },
      spec: { config: '{}', x: 1 },
    });
    expect(wrong.body?.message).toBe(
      'NetworkAttachmentDefinition in version "v1" cannot be handled as a NetworkAttachmentDefinition: strict decoding error: unknown field "spec.x"',
    );
    const full = { ...pod('f'), status: {}, metadata: { name: 'f', labels: { any: 'x' }, managedFields: [] } };
    const spec = {
      ...full.spec,
      volumes: [
        { name: 'v', rbd: {} },
        { name: 'w', projected: { sources: [{ configMap: { name: 'c', items: [] } }] } },
      ],
      initContainers: [
        { name: 'i', image: 'a', env: [{ name: 'E', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } }] },
      ],
      securityContext: { sysctls: [{ name: 'net.ipv4.conf.all.rp_filter', value: '2' }] },
    };
    expect((await server.call('POST', `${PODS}${strict}`, { ...full, spec })).code).toBe(201);
  });
});

describe('definitions', () => {
  it('add their resource, and take it away', async () => {
    const definition = {
      metadata: { name: 'ippools.whereabouts.cni.cncf.io' },
      spec: {
        group: 'whereabouts.cni.cncf.io',
        scope: 'Namespaced',
        names: { plural: 'ippools', kind: 'IPPool' },
        versions: [
          {
            name: 'v1alpha1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: { type: 'object', required: ['range'], properties: { range: { type: 'string' } } },
                },
              },
            },
          },
        ],
      },
    };
    const path = '/apis/whereabouts.cni.cncf.io/v1alpha1/namespaces/default/ippools';
    expect((await server.call('GET', path)).code).toBe(404);
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    expect((await server.call('POST', definitions, definition)).code).toBe(201);
    const wrong = await server.call('POST', path, { metadata: { name: 'a' }, spec: {} });
    expect([wrong.code, wrong.body?.message]).toEqual([422, expect.stringContaining('spec.range: Required value')]);
    const made = await server.call('POST', path, { metadata: { name: 'a' }, spec: { range: '10/8', unknown: 1 } });
    expect([made.code, made.body?.spec]).toEqual([201, { range: '10/8' }]);
    expect((await server.call('DELETE', `${definitions}/ippools.whereabouts.cni.cncf.io`)).code).toBe(200);
    expect((await server.call('GET', path)).code).toBe(404);
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

async function run(command: string[], more: object = {}, onStdout: () => void = () => undefined) {
  let out = '';
  let err = '';
  const end = await cluster.exec({
    namespace: 'default',
    pod: 'x',
    command,
    deadline: 10_000,
    onStdout: (chunk) => {
      out += Buffer.from(chunk);
      onStdout();
    },
    onStderr: (chunk) => {
      err += Buffer.from(chunk);
    },
    ...more,
  });
  return { end, out, err };
}
