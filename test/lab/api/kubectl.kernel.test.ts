import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeKubelet } from './fake-kubelet.ts';
import { type LabServer, startLabServer } from './lab-server.ts';

const version = spawnSync('kubectl', ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
const present = version.status === 0;
const minor = present ? Number(JSON.parse(version.stdout).clientVersion.minor.replace(/\D/g, '')) : 0;
/** Tests of what only newer ones have: WebSockets (1.31), `auth whoami` (1.28), profiles of debug (1.27), `events` (1.26). */
const since = (first: number) => it.runIf(minor >= first);
if (!present) console.log('kubectl is not installed: the lab is not tried with it');
else if (minor < 31) console.log(`kubectl 1.${minor} is too old for WebSockets, and more: not all is tried with it`);

let server: LabServer;
let kubelet: FakeKubelet;

beforeAll(async () => {
  server = await startLabServer();
  kubelet = new FakeKubelet(server.store);
});
afterAll(async () => {
  kubelet.stop();
  await server.stop();
});

describe.runIf(present)('kubectl', { timeout: 30_000 }, () => {
  it('runs a pod, waits for it, and shows it', async () => {
    expect((await kubectl('run', 'a', '--image=lab/app:1', '--labels=app=a')).out).toBe('pod/a created\n');
    expect((await kubectl('wait', '--for=condition=Ready', 'pod/a', '--timeout=10s')).out).toContain('condition met');
    const wide = (await kubectl('get', 'pods', '-o', 'wide')).out;
    expect(wide).toMatch(/NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES/);
    expect(wide).toMatch(/a +1\/1 +Running +0 +\S+ +10\.44\.1\.5 +node1/);
    const described = (await kubectl('describe', 'pod', 'a')).out;
    expect(described).toMatch(/Node: +node1\/192\.168\.40\.11/);
    expect(described).toMatch(/Normal +Started +\S+ +kubelet +Started container a/);
  });

  it('selects, pages and watches', async () => {
    const names = ['get', 'pods', '-o', 'name'];
    expect((await kubectl(...names, '-l', 'app in (a,b),!x', '--field-selector', 'status.phase=Running')).out).toBe(
      'pod/a\n',
    );
    expect((await kubectl(...names, '-l', 'app=b')).out).toBe('');
    const paged = await kubectl('get', 'namespaces', '--chunk-size=1', '-o', 'name');
    expect(paged.out.trim().split('\n').length).toBe(4);
    const watching = kubectl('get', 'pods', '-w', '--request-timeout=2s', '--no-headers');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await kubectl('label', 'pod', 'a', 'seen=yes');
    const rows = (await watching).out.trim().split('\n');
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(rows.every((row) => row.startsWith('a '))).toBe(true);
  });

  since(31)('executes, with stdin and an exit code, attaches, and reads logs', async () => {
    const failed = await kubectl('exec', 'a', '--', 'sh', '-c', 'echo hi; exit 3');
    expect([failed.code, failed.out]).toEqual([3, 'hi\n']);
    expect((await kubectlWith('input\n', 'exec', '-i', 'a', '--', 'cat')).out).toBe('input\n');
    expect((await kubectl('exec', 'a', '--', 'no-such-program')).err).toContain('executable file not found in $PATH');
    expect((await kubectlWith('more\n', 'attach', '-i', 'a', '-q')).out).toBe('attached\nmore\n');
    expect((await kubectl('logs', 'a', '--tail=1')).out).toBe('three\n');
    const following = kubectl('logs', '-f', 'a');
    await once(server.runtime.lines, 'followed');
    server.runtime.lines.end('four\n');
    expect((await following).out).toBe('one\ntwo\nthree\nfour\n');
  });

  it('applies: creates, leaves alone, changes, removes', async () => {
    const nad = (config: string, more: object = {}) =>
      JSON.stringify({
        apiVersion: 'k8s.cni.cncf.io/v1',
        kind: 'NetworkAttachmentDefinition',
        metadata: { name: 'mcast', namespace: 'default', ...more },
        spec: { config },
      });
    expect((await apply(nad('{}', { labels: { a: 'b' } }))).out).toContain('created');
    expect((await apply(nad('{}', { labels: { a: 'b' } }))).out).toContain('unchanged');
    expect((await apply(nad('{"type":"macvlan"}'))).out).toContain('configured');
    const stored = server.store.get('network-attachment-definitions.k8s.cni.cncf.io', 'default', 'mcast');
    expect([stored?.spec.config, stored?.metadata.labels]).toEqual(['{"type":"macvlan"}', undefined]);
    expect((await kubectl('get', 'net-attach-def')).out).toMatch(/NAME +AGE\nmcast /);
  });

  it('applies on the server, where what a manager gave up goes', async () => {
    const map = (data: object) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 's' }, data });
    await apply(map({ a: '1', b: '2' }), '--server-side');
    await kubectl('patch', 'cm', 's', '--type=merge', '-p', '{"data":{"other":"3"}}');
    await apply(map({ a: '5' }), '--server-side');
    expect(server.store.get('configmaps', 'default', 's')?.data).toEqual({ a: '5', other: '3' });
  });

  it('is told why a running pod cannot be changed', async () => {
    const pod = (value: string) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'fixed' },
        spec: { containers: [{ name: 'c', image: 'lab/app:1', env: [{ name: 'A', value }] }] },
      });
    await apply(pod('1'));
    const { code, err } = await apply(pod('2'));
    expect(code).toBe(1);
    expect(err).toContain('The Pod "fixed" is invalid: spec: Forbidden: pod updates may not change fields other than');
    expect(err).toMatch(/- +"value": "1"\n\+ +"value": "2"/);
  });

  it('patches in three ways', async () => {
    await kubectl('create', 'cm', 'p', '--from-literal=a=1');
    await kubectl('patch', 'cm', 'p', '-p', '{"data":{"b":"2"}}');
    await kubectl('patch', 'cm', 'p', '--type=merge', '-p', '{"data":{"a":null}}');
    await kubectl('patch', 'cm', 'p', '--type=json', '-p', '[{"op":"add","path":"/data/c","value":"3"}]');
    expect(server.store.get('configmaps', 'default', 'p')?.data).toEqual({ b: '2', c: '3' });
  });

  since(28)('makes accounts, roles, bindings and tokens, and obeys them', async () => {
    await kubectl('create', 'namespace', 'team');
    await kubectl('create', 'serviceaccount', 'bot', '-n', 'team');
    await kubectl('create', 'role', 'r', '--verb=get,list', '--resource=pods', '-n', 'team');
    await kubectl('create', 'rolebinding', 'b', '--role=r', '--serviceaccount=team:bot', '-n', 'team');
    const token = (await kubectl('create', 'token', 'bot', '-n', 'team')).out.trim();
    await kubectl('config', 'set-credentials', 'bot', `--token=${token}`);
    const bot = ['--user=bot', '-n', 'team'];
    expect((await kubectl(...bot, 'auth', 'can-i', 'list', 'pods')).out).toBe('yes\n');
    expect(await kubectl(...bot, 'auth', 'can-i', 'delete', 'pods')).toMatchObject({ code: 1, out: 'no\n' });
    expect((await kubectl(...bot, 'auth', 'can-i', '--list')).out).toMatch(/pods +\[\] +\[\] +\[get list\]/);
    expect((await kubectl(...bot, 'auth', 'whoami')).out).toContain('system:serviceaccount:team:bot');
    expect((await kubectl(...bot, 'get', 'secrets')).err).toBe(
      'Error from server (Forbidden): secrets is forbidden: User "system:serviceaccount:team:bot" cannot list resource "secrets" in API group "" in the namespace "team"\n',
    );
    expect((await kubectl('delete', 'namespace', 'team', '--timeout=10s')).out).toContain('"team" deleted');
  });

  since(27)('debugs a pod with one more container', async () => {
    await kubectl('debug', 'a', '--image=lab/netdebug:1', '-c', 'dbg', '--profile=general', '--', 'true');
    const [added] = server.store.get('pods', 'default', 'a')?.spec.ephemeralContainers ?? [];
    expect(added).toMatchObject({ name: 'dbg', image: 'lab/netdebug:1', terminationMessagePolicy: 'File' });
  });

  it('follows a rollout, scales, and sets images', async () => {
    await kubectl('create', 'deployment', 'd', '--image=lab/app:1', '--replicas=2');
    server.store.mutate('deployments.apps', 'default', 'd', (deployment) => {
      const available = { type: 'Available', status: 'True' };
      const counts = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
      deployment.status = { observedGeneration: deployment.metadata.generation, ...counts, conditions: [available] };
    });
    expect((await kubectl('rollout', 'status', 'deployment/d', '--timeout=10s')).out).toContain(
      'successfully rolled out',
    );
    await kubectl('scale', 'deployment/d', '--replicas=5');
    await kubectl('set', 'image', 'deployment/d', 'app=lab/app:2');
    const { spec } = server.store.get('deployments.apps', 'default', 'd')!;
    expect([spec.replicas, spec.template.spec.containers[0].image]).toEqual([5, 'lab/app:2']);
    expect((await kubectl('delete', 'deployment/d')).code).toBe(0);
  });

  it('discovers, evicts, deletes and waits for the end', async () => {
    expect((await kubectl('api-resources')).out).toMatch(
      /network-attachment-definitions +net-attach-def +k8s\.cni\.cncf\.io\/v1 +true/,
    );
    expect((await kubectl('get', '--raw', '/apis/cilium.io/v2/ciliumnodes')).err).toContain('NotFound');
    expect((await kubectl('get', 'frobs')).err).toContain('the server doesn\'t have a resource type "frobs"');
    expect((await kubectl('delete', 'pod', 'a', '--timeout=10s')).code).toBe(0);
    expect(server.store.get('pods', 'default', 'a')).toBeUndefined();
    expect((await kubectl('get', 'events')).out).toContain('Started container a');
  });

  since(26)('lists events by a command of their own', async () => {
    expect((await kubectl('events')).out).toContain('Started container a');
  });
});

function kubectl(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  return kubectlWith('', ...argv);
}

function apply(manifest: string, ...argv: string[]) {
  return kubectlWith(manifest, 'apply', '-f', '-', ...argv);
}

function kubectlWith(input: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const environment = { ...process.env, KUBECONFIG: server.kubeconfig, HOME: server.folder };
    const child = execFile('kubectl', argv, { env: environment, timeout: 20_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
    });
    child.stdin?.end(input);
  });
}
