import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster, ExecRequest, KubeObject } from '../../src/cluster/cluster.ts';
import { connect } from '../../src/cluster/connect.ts';
import { findOwned, newRunId, ownLabels, removeOwned } from '../../src/cluster/owned.ts';

/** A namespace with pods of a cluster that has the images of the test cluster (busybox, distroless) on its nodes. */
const namespace = `kmcast-cluster-${process.pid}`;
const PODS = `/api/v1/namespaces/${namespace}/pods`;
const directory = mkdtempSync(join(tmpdir(), 'kmcast-cluster-test-'));
let cluster: Cluster;

beforeAll(async () => {
  cluster = await connect({ namespace });
  await cluster.create('/api/v1/namespaces', { metadata: { name: namespace } });
  await Promise.all([
    createPod('busy', 'busybox', ['sleep', '100000']),
    createPod('bare', 'distroless'),
    createPod('absent', 'no-such-image'),
  ]);
  for (const name of ['busy', 'bare']) await running(name);
});
afterAll(async () => {
  await cluster.delete(`/api/v1/namespaces/${namespace}`, { propagationPolicy: 'Background' });
  rmSync(directory, { recursive: true });
});

function createPod(name: string, image: string, command?: string[]): Promise<unknown> {
  const container = {
    name: 'app',
    image: `localhost/${image}:1`,
    imagePullPolicy: 'Never',
    ...(command === undefined ? {} : { command }),
  };
  return retry(() =>
    cluster.create(PODS, { metadata: { name }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } }),
  );
}

/** A new namespace's service account comes a moment later. */
async function retry<T>(act: () => Promise<T>): Promise<T> {
  for (let i = 0; i < 20; i++) {
    try {
      return await act();
    } catch {
      await sleep(250);
    }
  }
  return act();
}

interface Pod extends KubeObject {
  readonly status?: { readonly phase?: string };
}

async function running(name: string): Promise<void> {
  const seen = await cluster.watch<Pod>(
    PODS,
    { fieldSelector: `metadata.name=${name}` },
    60_000,
    (_, pod) => pod.status?.phase === 'Running',
  );
  expect(seen).toBe(true);
}

async function run(pod: string, command: string[], more: Partial<ExecRequest> = {}, by = cluster) {
  const chunks: Uint8Array[] = [];
  const end = await by.exec({
    namespace,
    pod,
    command,
    onStdout: (chunk) => void chunks.push(chunk),
    deadline: 20_000,
    ...more,
  });
  return { end, out: Buffer.concat(chunks).toString() };
}

describe('reading', () => {
  it('gets, lists and names what is near', async () => {
    expect((await cluster.get<Pod>(`${PODS}/busy`)).status?.phase).toBe('Running');
    const pods = await cluster.list(PODS);
    expect(pods.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      'Pod absent',
      'Pod bare',
      'Pod busy',
    ]);
    expect(await cluster.list(PODS, { limit: '1' })).toHaveLength(3);
    await expect(cluster.get(`${PODS}/bussy`)).rejects.toMatchObject({
      kind: 'not-found',
      message: `pod bussy in namespace ${namespace} not found; did you mean busy?`,
    });
    await expect(cluster.get(PODS.replace(namespace, `${namespace}x`).concat('/busy'))).rejects.toMatchObject({
      message: expect.stringContaining(`no such namespace; did you mean ${namespace}`),
    });
    await expect(cluster.list('/apis/example.com/v1/things')).rejects.toMatchObject({
      message: 'the cluster does not know things.example.com/v1',
    });
  });

  it('patches', async () => {
    await cluster.patch(`${PODS}/busy`, { metadata: { annotations: { a: 'b' } } });
    await cluster.patch(`${PODS}/busy`, [{ op: 'replace', path: '/metadata/annotations/a', value: 'c' }], 'json');
    expect((await cluster.get(`${PODS}/busy`)).metadata.annotations?.a).toBe('c');
  });
});

describe('exec', () => {
  it('gives the exit status', async () => {
    expect(await run('busy', ['sh', '-c', 'echo out; exit 3'])).toMatchObject({
      end: { kind: 'exited', code: 3 },
      out: 'out\n',
    });
  });

  it('sends stdin and keeps it open', async () => {
    const { end, out } = await run('busy', ['sh', '-c', 'head -c 200000 | wc -c; sleep 1; echo still here'], {
      stdin: new Uint8Array(200_000),
    });
    expect(end).toEqual({ kind: 'exited', code: 0 });
    expect(out).toBe('200000\nstill here\n');
  });

  it('takes 150 MB with a slow sink and little memory', async () => {
    const size = 150 << 20;
    let [taken, most, chunks] = [0, 0, 0];
    const before = process.memoryUsage().arrayBuffers;
    const done = new AbortController();
    // The program waits for its lifeline: what it wrote last can be lost on the API server's way to the node when it exits
    // while much of it is still under way.
    const { end } = await run('busy', ['sh', '-c', `head -c ${size} /dev/zero; cat`], {
      stdin: new Uint8Array(),
      onStdout: async (chunk) => {
        taken += chunk.length;
        // Some 30 MB of it are chunks that are done with and not yet collected; without back-pressure it is all that was sent.
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        if (taken >= size) done.abort();
        if (++chunks % 4 === 0) await sleep(1);
      },
      signal: done.signal,
      deadline: 60_000,
    });
    expect(end).toEqual({ kind: 'interrupted', message: 'interrupted' });
    expect(taken).toBe(size);
    expect(most).toBeLessThan(64 << 20);
  });

  it.each([
    ['bare', ['sh'], /executable file not found/],
    ['busy', ['/etc/passwd'], /permission denied/],
    ['absent', ['true'], /^container app is not running$/],
    ['nobody', ['true'], /^pod nobody in namespace .* not found$/],
  ])('says why it did not start: %s %s', async (pod, command, message) => {
    expect((await run(pod, command)).end).toEqual({ kind: 'not-started', message: expect.stringMatching(message) });
  });

  it('lets the command end when it is aborted', async () => {
    const started = Date.now();
    const { end, out } = await run('busy', ['sh', '-c', 'cat; touch /tmp/ended'], {
      stdin: Buffer.from('hello'),
      signal: AbortSignal.timeout(700),
    });
    expect(end.kind).toBe('interrupted');
    expect(out).toBe('hello');
    expect(Date.now() - started).toBeLessThan(2000);
    await sleep(500);
    expect((await run('busy', ['ls', '/tmp/ended'])).end).toEqual({ kind: 'exited', code: 0 });
  });
});

describe('a user with few rights', () => {
  let limited: Cluster;
  beforeAll(async () => {
    const kubectl = (...args: string[]) =>
      execFileSync('kubectl', ['-n', namespace, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    kubectl('create', 'serviceaccount', 'limited');
    kubectl('create', 'role', 'limited', '--verb=get', '--resource=pods');
    kubectl('create', 'rolebinding', 'limited', '--role=limited', `--serviceaccount=${namespace}:limited`);
    const { 'certificate-authority-data': authority } = JSON.parse(
      kubectl('config', 'view', '--raw', '--minify', '-o', 'json'),
    ).clusters[0].cluster;
    writeFileSync(join(directory, 'ca.crt'), Buffer.from(authority, 'base64'));
    writeFileSync(join(directory, 'token'), kubectl('create', 'token', 'limited'));
    writeFileSync(join(directory, 'namespace'), namespace);
    const { hostname, port } = new URL(cluster.server);
    // As a pod would, by its service account.
    limited = await connect({
      environment: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
      serviceAccount: directory,
    });
    expect(readFileSync(join(directory, 'namespace'), 'utf8')).toBe(limited.namespace);
  });

  it('is told what is missing', async () => {
    const user = `system:serviceaccount:${namespace}:limited`;
    expect((await limited.get(`${PODS}/busy`)).metadata.name).toBe('busy');
    await expect(limited.list('/api/v1/nodes')).rejects.toMatchObject({
      kind: 'forbidden',
      message: `list nodes is forbidden at the cluster scope for user "${user}"`,
    });
    await expect(limited.create(PODS, { metadata: { name: 'x' } })).rejects.toMatchObject({
      kind: 'forbidden',
      message: `create pods in namespace ${namespace} is forbidden for user "${user}"`,
    });
    expect(await limited.can({ verb: 'get', resource: 'pods', namespace, name: 'busy' })).toEqual({
      allowed: true,
      reason: '',
    });
    expect(await limited.can({ verb: 'create', resource: 'pods', subresource: 'exec', namespace })).toEqual({
      allowed: false,
      reason: `create pods/exec is forbidden in namespace ${namespace} for user "${user}"`,
    });
    expect((await run('busy', ['true'], {}, limited)).end).toEqual({
      kind: 'not-started',
      message: expect.stringContaining('get pods/exec of busy'),
    });
  });

  it('can clean up at home, and is told where not', async () => {
    const { found, refused } = await findOwned(limited);
    expect(found).toEqual([]);
    expect(refused.map(({ what }) => what)).toContain(`pods in namespace ${namespace}`);
  });
});

describe('what kmcast leaves', () => {
  it('is found and removed, a Job with its pod', async () => {
    const id = newRunId();
    const container = { name: 'a', image: 'localhost/busybox:1', imagePullPolicy: 'Never', command: ['sleep', '1000'] };
    const template = {
      metadata: { labels: ownLabels(id) },
      spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers: [container] },
    };
    await cluster.create(`/apis/batch/v1/namespaces/${namespace}/jobs`, {
      metadata: { name: 'kmcast-job', labels: ownLabels(id) },
      spec: { template },
    });
    const mine = `kmcast.io/run=${id}`;
    await cluster.watch(PODS, { labelSelector: mine }, 20_000, () => true);
    const { found } = await findOwned(cluster, undefined, id);
    expect(found.map(({ kind, name, run }) => [kind, name, run])).toEqual([['Job', 'kmcast-job', id]]);
    expect((await removeOwned(cluster, found)).refused).toEqual([]);
    await retry(async () => expect(await cluster.list(PODS, { labelSelector: mine })).toEqual([]));
    expect((await findOwned(cluster, namespace, id)).found).toEqual([]);
  });
});
