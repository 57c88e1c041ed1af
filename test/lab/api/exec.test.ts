import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { connect } from '../../../src/cluster/connect.ts';
import { StatusError } from '../../../src/lab/store.ts';
import { type LabServer, startLabServer } from './lab-server.ts';

let server: LabServer;
let cluster: Cluster;

beforeAll(async () => {
  server = await startLabServer();
  cluster = await connect({ kubeconfig: server.kubeconfig, environment: {} });
});
afterAll(() => server.stop());

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
