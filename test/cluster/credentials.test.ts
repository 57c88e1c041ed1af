import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeApi, fakeApi, fakeProxy, status } from './fake-api.ts';

let api: FakeApi;
afterEach(() => api.close());

const NODE = '/api/v1/nodes/x';
const seen = () => api.asked.map(({ headers }) => headers.authorization);

function plugin(script: string, more: object = {}) {
  writeFileSync(join(api.directory, 'plugin.sh'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin.sh', ...more } };
}

describe('credentials', () => {
  it('user and password', async () => {
    api = await fakeApi(() => ({}));
    await (await api.cluster({ user: { username: 'bob', password: 'p:w' } })).get(NODE);
    expect(seen()).toEqual([`Basic ${Buffer.from('bob:p:w').toString('base64')}`]);
  });

  it('a token file is read again on 401', async () => {
    let first = true;
    api = await fakeApi(() => {
      writeFileSync(join(api.directory, 'token'), 'new\n');
      const answer = first ? status(401, 'Unauthorized', 'Unauthorized') : {};
      first = false;
      return answer;
    });
    const tokenFile = join(api.directory, 'token');
    writeFileSync(tokenFile, 'old\n');
    await (await api.cluster({ user: { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } } })).get(NODE);
    expect(seen()).toEqual(['Bearer old', 'Bearer new']);
  });

  it('401 twice is final', async () => {
    api = await fakeApi(() => status(401, 'Unauthorized', 'Unauthorized'));
    await expect((await api.cluster()).get(NODE)).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(api.asked).toHaveLength(2);
  });

  it('a file that cannot be read is named', async () => {
    api = await fakeApi(() => ({}));
    const cluster = await api.cluster({ user: { 'client-certificate': 'absent.crt', 'client-key': 'absent.key' } });
    await expect(cluster.get(NODE)).rejects.toMatchObject({
      kind: 'no-config',
      message: expect.stringContaining('absent.crt'),
    });
  });
});

describe('credential plugins', () => {
  it('are run from the kubeconfig’s directory, know about themselves, and once for many requests', async () => {
    api = await fakeApi(() => ({}));
    const user = plugin(
      'echo run >> "$LOG"; printf %s "$KUBERNETES_EXEC_INFO" > "$LOG.info"; printf \'{"status":{"token":"from-%s"}}\' "$1"',
      {
        args: ['plugin'],
        env: [{ name: 'LOG', value: join(api.directory, 'log') }],
        provideClusterInfo: true,
      },
    );
    const cluster = await api.cluster({ user });
    await Promise.all([cluster.get(NODE), cluster.get(NODE)]);
    expect(seen()).toEqual(['Bearer from-plugin', 'Bearer from-plugin']);
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(join(api.directory, 'log'), 'utf8')).toBe('run\n');
    expect(JSON.parse(readFileSync(join(api.directory, 'log.info'), 'utf8'))).toMatchObject({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false, cluster: { server: `https://127.0.0.1:${api.port}` } },
    });
  });

  it('are asked again on 401', async () => {
    let refusals = 1;
    api = await fakeApi(() => (refusals-- > 0 ? status(401, 'Unauthorized', 'Unauthorized') : {}));
    const user = plugin('echo x >> "$LOG"; printf \'{"status":{"token":"%s"}}\' "$(wc -l < "$LOG" | tr -d " ")"', {
      env: [{ name: 'LOG', value: join(api.directory, 'log') }],
    });
    await (await api.cluster({ user })).get(NODE);
    expect(seen()).toEqual(['Bearer 1', 'Bearer 2']);
  });

  it.each([
    [
      'fail',
      'echo "no session, run: login" >&2; exit 1',
      {},
      /plugin plugin\.sh of user bob failed: no session, run: login/,
    ],
    ['say nothing', 'true', {}, /gave no token and no certificate/],
    ['talk nonsense', 'echo hello', {}, /gave no token and no certificate/],
    [
      'are not there',
      'true',
      { command: 'kmcast-no-such-plugin', installHint: 'install it from example.org' },
      /there is no program kmcast-no-such-plugin/,
    ],
  ])('that %s', async (_, script, more, message) => {
    api = await fakeApi(() => ({}));
    const cluster = await api.cluster({ user: plugin(script, more) });
    await expect(cluster.get(NODE)).rejects.toMatchObject({
      kind: 'unauthorized',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/install it|kubectl/),
    });
  });
});

describe('proxies', () => {
  const through = async (refusal?: number) => {
    api = await fakeApi(() => ({}));
    const proxy = await fakeProxy(api.port, refusal);
    const environment = { HTTPS_PROXY: proxy.url.replace('//', '//joe:pw@') };
    return {
      proxy,
      cluster: await api.cluster({ server: { server: 'https://api.example:6443' }, environment, requestTimeout: 2000 }),
    };
  };

  it('HTTPS_PROXY is used, and one connection through it kept', async () => {
    const { proxy, cluster } = await through();
    await cluster.get(NODE);
    await cluster.get(NODE);
    proxy.close();
    expect(proxy.asked).toEqual([`api.example:6443 Basic ${Buffer.from('joe:pw').toString('base64')}`]);
    expect(api.asked).toHaveLength(2);
  });

  it('NO_PROXY goes around it', async () => {
    api = await fakeApi(() => ({}));
    const environment = { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '.invalid' };
    const cluster = await api.cluster({ server: { server: 'https://kmcast.invalid:6443' }, environment });
    await expect(cluster.get(NODE)).rejects.toMatchObject({ message: expect.not.stringContaining('proxy') });
  });

  it('a refusal names the proxy, without its password', async () => {
    const { proxy, cluster } = await through(407);
    const error = await cluster.get(NODE).catch((caught) => caught);
    proxy.close();
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: `cannot reach the API server https://api.example:6443 through the proxy ${proxy.url}: the proxy answered 407`,
    });
  });
});
