import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { type FakeApi, type Handler, selfSigned, status } from './fake-api.ts';
import { apisOfTests, list, named, PODS } from './pods-api.ts';

const clusterWith = apisOfTests();

describe('refusals', () => {
  const refused = async (
    answer: ReturnType<Handler>,
    act = (cluster: Awaited<ReturnType<FakeApi['cluster']>>): Promise<unknown> => cluster.get(`${PODS}/rx`),
  ) => {
    const { cluster } = await clusterWith(() => answer);
    return act(cluster).then(
      () => expect.fail('no error'),
      (error) => error,
    );
  };

  it('403 names verb, resource, namespace and user', async () => {
    const message =
      'pods "rx" is forbidden: User "bob" cannot get resource "pods" in API group "" in the namespace "video"';
    expect(await refused(status(403, 'Forbidden', message))).toMatchObject({
      kind: 'forbidden',
      message: 'get pod rx in namespace video is forbidden for user "bob"',
      hint: expect.stringContaining('kubectl auth can-i get pods -n video'),
    });
  });

  it('403 of an admission check gives its reason', async () => {
    const message = 'pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged';
    expect(await refused(status(403, 'Forbidden', message), (cluster) => cluster.create(PODS, {}))).toMatchObject({
      kind: 'forbidden',
      message: `create pods in namespace video was refused: ${message}`,
      hint: expect.stringContaining('Pod Security level'),
    });
  });

  it.each([
    [status(409, 'AlreadyExists', 'pods "rx" already exists'), 'conflict', /already exists/],
    [status(422, 'Invalid', 'Pod "x" is invalid: spec: Required value'), 'invalid', /spec: Required value/],
    [status(400, 'BadRequest', 'bad'), 'invalid', /bad/],
    [status(410, 'Gone', 'old'), 'other', /too old/],
    [status(500, 'InternalError', 'etcdserver: \u001b[2Jno leader'), 'other', /answered 500: etcdserver: no leader/],
    [{ status: 502, body: '<html><h1>Bad Gateway</h1></html>' }, 'other', /answered 502: Bad Gateway$/],
    [{ status: 200, body: '<html>login</html>' }, 'other', /did not answer with JSON/],
  ])('%#', async (answer, kind, message) => {
    expect(await refused(answer)).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('bounds what a server says', async () => {
    expect((await refused(status(500, 'InternalError', 'x'.repeat(1e6)))).message.length).toBeLessThan(800);
  });

  it('404 names what is near', async () => {
    const { cluster } = await clusterWith(({ url }) =>
      url.pathname === PODS
        ? list(['receiver', 'sender'])
        : status(404, 'NotFound', 'pods "x" not found', { name: 'x' }),
    );
    await expect(cluster.get(`${PODS}/reciever`)).rejects.toMatchObject({
      kind: 'not-found',
      message: 'pod reciever in namespace video not found; did you mean receiver?',
    });
  });

  it('404 tells that the namespace is the thing that is missing', async () => {
    const { cluster } = await clusterWith(({ url }) => {
      if (url.pathname === '/api/v1/namespaces') return list(['video', 'audio']);
      return url.pathname.endsWith('/pods') ? list([]) : status(404, 'NotFound', 'no', { name: 'x' });
    });
    await expect(cluster.get('/api/v1/namespaces/vidoe/pods/rx')).rejects.toMatchObject({
      message: 'pod rx in namespace vidoe not found: there is no such namespace; did you mean video?',
    });
    await expect(cluster.get('/api/v1/namespaces/audio/pods/rx')).rejects.toMatchObject({
      message: 'pod rx in namespace audio not found; there are no pods in this namespace',
    });
  });

  it('404 stays a 404 when nothing can be listed', async () => {
    const { cluster } = await clusterWith(({ url }) =>
      url.pathname === PODS ? status(403, 'Forbidden', 'no') : status(404, 'NotFound', 'no', { name: 'rx' }),
    );
    await expect(cluster.get(`${PODS}/rx`)).rejects.toMatchObject({
      kind: 'not-found',
      message: 'pod rx in namespace video not found',
    });
  });

  it('404 for a kind that the cluster does not know', async () => {
    expect(
      await refused({ status: 404, body: '404 page not found\n' }, (cluster) =>
        cluster.list('/apis/k8s.cni.cncf.io/v1/network-attachment-definitions'),
      ),
    ).toMatchObject({
      kind: 'not-found',
      message: 'the cluster does not know network-attachment-definitions.k8s.cni.cncf.io/v1',
    });
  });

  it('401 tells of an expired client certificate', async () => {
    const { api } = await clusterWith(() => status(401, 'Unauthorized', 'Unauthorized'));
    selfSigned(api.directory, 'client', 30);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31 * 86_400_000 });
    const cluster = await api.cluster({ user: { 'client-certificate': 'client.crt', 'client-key': 'client.key' } });
    await expect(cluster.get(`${PODS}/rx`)).rejects.toMatchObject({
      kind: 'unauthorized',
      message: expect.stringContaining('the client certificate expired on'),
    });
  });
});

describe('no connection', () => {
  const unreachable = async (server: unknown) => {
    const { api } = await clusterWith(() => ({}));
    const cluster = await api.cluster({ server, requestTimeout: 2000 });
    return cluster.get('/api/v1/nodes').then(
      () => expect.fail('no error'),
      (error) => error,
    );
  };

  it('refused', async () => {
    expect(await unreachable({ server: 'https://127.0.0.1:1' })).toMatchObject({
      kind: 'unreachable',
      message: 'cannot reach the API server https://127.0.0.1:1: the connection was refused',
    });
  });
  it('no such name', async () => {
    expect(await unreachable({ server: 'https://kmcast.invalid:6443' })).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/name cannot be resolved|name resolution/),
      hint: expect.stringContaining('DNS'),
    });
  });
  it('another authority', async () => {
    const directory = mkdtempSync(`${tmpdir()}/kmcast-other-ca-`);
    const { cert } = selfSigned(directory, 'other', 30);
    rmSync(directory, { recursive: true });
    expect(
      await unreachable({
        'certificate-authority': undefined,
        'certificate-authority-data': Buffer.from(cert).toString('base64'),
      }),
    ).toMatchObject({ kind: 'certificate', message: expect.stringContaining('is not trusted') });
  });
  it('another name', async () => {
    expect(await unreachable({ 'tls-server-name': 'elsewhere.example' })).toMatchObject({
      kind: 'certificate',
      message: expect.stringContaining('is for another name'),
    });
  });
  it('http where TLS is spoken, and TLS where http is', async () => {
    const { createServer } = await import('node:http');
    const plain = createServer((_, response) => response.end('{"metadata":{"name":"x"}}'));
    await new Promise<void>((ready) => plain.listen(0, '127.0.0.1', ready));
    const { port } = plain.address() as { port: number };
    try {
      expect(await unreachable({ server: `https://127.0.0.1:${port}` })).toMatchObject({
        kind: 'unreachable',
        message: expect.stringContaining('does not speak TLS'),
      });
      const { api } = await clusterWith(() => ({}));
      const cluster = await api.cluster({ server: { server: `http://127.0.0.1:${port}` } });
      expect(await cluster.get('/api/v1/nodes/x')).toEqual(named('x'));
    } finally {
      plain.close();
      plain.closeAllConnections();
    }
  });
});
