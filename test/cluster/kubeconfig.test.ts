import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/cluster/connect.ts';
import { kubeconfig } from './fake-api.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kmcast-kubeconfig-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, content: unknown): string {
  const file = join(directory, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function config(context: string, server: string, current?: string) {
  return {
    ...(current === undefined ? {} : { 'current-context': current }),
    clusters: [{ name: `${context}-cluster`, cluster: { server } }],
    users: [{ name: `${context}-user`, user: { token: 't' } }],
    contexts: [{ name: context, context: { cluster: `${context}-cluster`, user: `${context}-user` } }],
  };
}

const none = { serviceAccount: '/nonexistent' };

describe('where the configuration is found', () => {
  it('reads ~/.kube/config, with its namespace, unless -n names one', async () => {
    write('.kube/config', kubeconfig({ server: 'https://a:6443/' }, {}));
    const environment = { HOME: directory };
    expect(await connect({ environment })).toMatchObject({
      context: 'fake',
      namespace: 'video',
      server: 'https://a:6443',
    });
    expect((await connect({ environment, namespace: 'audio' })).namespace).toBe('audio');
  });

  it('merges KUBECONFIG: missing files are skipped, the first to name a thing wins', async () => {
    const first = write('first', config('one', 'https://one'));
    const second = write('second', {
      ...config('two', 'https://two', 'two'),
      clusters: [...config('one', 'https://other').clusters, ...config('two', 'https://two').clusters],
    });
    const third = write('third', config('three', 'https://three', 'three'));
    const environment = {
      KUBECONFIG: [join(directory, 'absent'), first, second, third, first].join(delimiter),
      HOME: '/nonexistent',
    };
    expect(await connect({ environment })).toMatchObject({
      context: 'two',
      server: 'https://two',
      namespace: 'default',
    });
    expect(await connect({ environment, context: 'one' })).toMatchObject({ context: 'one', server: 'https://one' });
  });

  it('takes --kubeconfig alone, and wants it to exist', async () => {
    const environment = { KUBECONFIG: write('other', config('other', 'https://other', 'other')) };
    expect(
      (await connect({ environment, kubeconfig: write('this', config('this', 'https://this', 'this')) })).context,
    ).toBe('this');
    await expect(connect({ environment, kubeconfig: join(directory, 'absent') })).rejects.toMatchObject({
      kind: 'no-config',
      message: expect.stringContaining('absent: ENOENT'),
    });
  });

  it('falls back to the service account of a pod', async () => {
    write('sa/token', 'abc');
    write('sa/namespace', 'tools\n');
    const environment = { HOME: directory, KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const cluster = await connect({ environment, serviceAccount: join(directory, 'sa') });
    expect(cluster).toMatchObject({ context: 'in-cluster', namespace: 'tools', server: 'https://[fd00::1]:443' });
  });
});

describe('what is wrong with it', () => {
  it('says that there is none, where it looked, and what works without', async () => {
    const failure = connect({ environment: { HOME: directory }, ...none });
    await expect(failure).rejects.toMatchObject({
      kind: 'no-config',
      message: expect.stringContaining(`${directory}/.kube/config does not exist`),
      hint: expect.stringContaining('doctor --snapshot'),
    });
    const listed = connect({ environment: { KUBECONFIG: `/a/x${delimiter}/b/y` }, ...none });
    await expect(listed).rejects.toMatchObject({
      kind: 'no-config',
      message: expect.stringContaining('none of /a/x, /b/y exists'),
    });
    await expect(connect({ environment: {}, ...none })).rejects.toMatchObject({
      message: expect.stringContaining('neither KUBECONFIG nor HOME'),
    });
  });

  it('takes an empty file for no configuration', async () => {
    await expect(connect({ environment: { KUBECONFIG: write('empty', '\n') }, ...none })).rejects.toMatchObject({
      kind: 'no-config',
      message: expect.stringContaining('has no context'),
    });
  });

  it('names near contexts', async () => {
    const kubeconfig = write('k', config('production', 'https://p', 'production'));
    await expect(connect({ kubeconfig, context: 'prodction', environment: {} })).rejects.toMatchObject({
      kind: 'no-config',
      message: expect.stringMatching(/no context prodction in .*; did you mean production\?/),
      hint: 'contexts there: production',
    });
  });

  it.each([
    ['no current context', config('a', 'https://a'), /has no current context/],
    ['no YAML', 'a: [', /is not a usable kubeconfig/],
    [
      'an unknown cluster',
      { ...config('a', 'https://a', 'a'), clusters: [] },
      /names the cluster a-cluster, which is not in/,
    ],
    ['an unknown user', { ...config('a', 'https://a', 'a'), users: [] }, /names the user a-user, which is not in/],
    ['a server that is no URL', config('a', 'nonsense', 'a'), /not a URL: nonsense/],
  ])('%s', async (_, content, message) => {
    await expect(connect({ kubeconfig: write('k', content), environment: {} })).rejects.toMatchObject({
      kind: 'no-config',
      message: expect.stringMatching(message),
    });
  });

  it('accepts a context without a user, as kubectl does', async () => {
    const { users: _, ...rest } = config('a', 'http://127.0.0.1:8001', 'a');
    const contexts = [{ name: 'a', context: { cluster: 'a-cluster' } }];
    expect((await connect({ kubeconfig: write('k', { ...rest, contexts }), environment: {} })).server).toBe(
      'http://127.0.0.1:8001',
    );
  });
});
