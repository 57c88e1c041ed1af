/** Everyday kubectl, on either cluster: what the lab answers is what Kubernetes answers. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachment, kubectl, pod, podOf, Space } from './kit.ts';
import { site } from './site.ts';

let space: Space;
const k = (...args: string[]) => kubectl(['-n', space.name, ...args]);

beforeAll(() => {
  space = new Space('kubectl');
  const labels = { app: 'web' };
  const command = ['sh', '-c', 'echo begins; echo twice; exec sleep 3600'];
  const replicated = podOf({ command, labels: { app: 'many' } });
  space.apply(
    attachment('lan'),
    pod('a', { labels, command, networks: 'lan' }),
    pod('b', { labels: { ...labels, tier: 'back' }, command: ['sleep', '3600'] }),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'many' },
      spec: { replicas: 2, selector: { matchLabels: { app: 'many' } }, template: replicated },
    },
  );
  space.ready('pod/a', 'pod/b');
});
afterAll(() => space.close());

const minor = Number(JSON.parse(kubectl(['version', '--client', '-o', 'json'])).clientVersion.minor.replace(/\D/g, ''));
/** kubectl before 1.31 speaks SPDY, which the lab does not. */
const hasStreams = site.name === 'cluster' || minor >= 31;
if (!hasStreams) console.log(`kubectl 1.${minor} has no WebSockets: exec and debug are not tried with it`);

describe('kubectl', () => {
  it('gets: by label, by field, in pages, as tables and by path', () => {
    const names = (...more: string[]) =>
      k('get', 'pods', '-o', 'name', ...more)
        .split('\n')
        .filter(Boolean);
    expect(names('-l', 'app=web')).toEqual(['pod/a', 'pod/b']);
    expect(names('-l', 'app in (web),!tier')).toEqual(['pod/a']);
    expect(names('--field-selector', 'metadata.name=b,status.phase=Running')).toEqual(['pod/b']);
    expect(names('--chunk-size=1')).toHaveLength(4);
    expect(k('get', 'pod', 'a', '-o', 'wide')).toMatch(
      /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE.*\na +1\/1 +Running +0 .* node1 /,
    );
    expect(k('get', 'pod', 'a', '-o', 'jsonpath={.status.phase}')).toBe('Running');
    expect(k('get', 'net-attach-def', 'lan', '-o', 'name')).toBe('networkattachmentdefinition.k8s.cni.cncf.io/lan\n');
    expect(() => k('get', 'pod', 'nobody')).toThrow(/Error from server \(NotFound\): pods "nobody" not found/);
  });

  it('describes, with the events that the kubelet tells', () => {
    const text = k('describe', 'pod', 'a');
    expect(text).toMatch(/^Node: +node1\/\d/m);
    expect(text).toMatch(/k8s.v1.cni.cncf.io\/network-status:[\s\S]*"interface": "net1"/);
    expect(text).toMatch(/Normal +Started +\S+ .*Started container app/);
    expect(kubectl(['describe', 'node', 'node1'])).toMatch(/^ +Ready +True /m);
  });

  it('reads logs', () => {
    expect(k('logs', 'a')).toBe('begins\ntwice\n');
    expect(k('logs', 'a', '--tail=1')).toBe('twice\n');
    expect(() => k('logs', 'a', '-c', 'nobody')).toThrow(/container nobody is not valid for pod a/);
  });

  it('applies again, patches, labels, and is refused what may not change', () => {
    space.apply(attachment('lan', [{ dst: '239.1.2.3/32' }]));
    expect(k('get', 'net-attach-def', 'lan', '-o', 'jsonpath={.spec.config}')).toContain('239.1.2.3/32');
    k('patch', 'pod', 'a', '-p', '{"metadata":{"annotations":{"by":"patch"}}}');
    k('patch', 'pod', 'a', '--type=json', '-p', '[{"op":"add","path":"/metadata/annotations/also","value":"json"}]');
    k('label', 'pod', 'a', 'seen=yes');
    const { metadata } = JSON.parse(k('get', 'pod', 'a', '-o', 'json'));
    expect([metadata.annotations.by, metadata.annotations.also, metadata.labels.seen]).toEqual([
      'patch',
      'json',
      'yes',
    ]);
    const other = { spec: { containers: [{ name: 'app', command: ['true'] }] } };
    expect(() => k('patch', 'pod', 'a', '-p', JSON.stringify(other))).toThrow(
      /pod updates may not change fields other than/,
    );
  });

  it('watches', async () => {
    const child = spawn('kubectl', [
      '-n',
      space.name,
      'get',
      'pod',
      'b',
      '-w',
      '--no-headers',
      '-o',
      'custom-columns=L:.metadata.labels.turn',
    ]);
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => (seen += chunk));
    await expect.poll(() => seen, { timeout: 10_000 }).toContain('<none>');
    k('label', 'pod', 'b', 'turn=two');
    await expect.poll(() => seen, { timeout: 10_000 }).toContain('two');
    child.kill();
  });

  it('rolls out, scales and restarts', () => {
    expect(k('rollout', 'status', 'deploy/many', '--timeout=60s')).toContain('successfully rolled out');
    const before = k('get', 'pods', '-l', 'app=many', '-o', 'name');
    k('rollout', 'restart', 'deploy/many');
    expect(k('rollout', 'status', 'deploy/many', '--timeout=60s')).toContain('successfully rolled out');
    expect(k('get', 'pods', '-l', 'app=many', '-o', 'name')).not.toBe(before);
    k('scale', 'deploy/many', '--replicas=1');
    k('rollout', 'status', 'deploy/many', '--timeout=60s');
    expect(k('get', 'deploy', 'many', '-o', 'jsonpath={.spec.replicas}')).toBe('1');
  });

  it.runIf(hasStreams)('executes, with stdin and an exit status', () => {
    expect(kubectl(['-n', space.name, 'exec', '-i', 'a', '--', 'cat'], 'to and fro')).toBe('to and fro');
    expect(() => k('exec', 'a', '--', 'sh', '-c', 'exit 3')).toThrow(/exit code 3/);
    expect(() => k('exec', 'a', '--', 'no-such-program')).toThrow(/executable file not found in \$PATH/);
  });

  it.runIf(hasStreams)('debugs by an ephemeral container, in the pod’s network', async () => {
    const image = site.image('busybox');
    k('debug', 'a', `--image=${image}`, '--image-pull-policy=Never', '-c', 'look', '--', 'ls', '/sys/class/net');
    const logs = () => {
      try {
        return k('logs', 'a', '-c', 'look');
      } catch {
        return '';
      }
    };
    await expect.poll(logs, { timeout: 20_000 }).toBe('eth0\nlo\nnet1\n');
    const path = 'jsonpath={.status.ephemeralContainerStatuses[0].state.terminated.exitCode}';
    await expect.poll(() => k('get', 'pod', 'a', '-o', path), { timeout: 10_000 }).toBe('0');
  });

  it('deletes, and waits for it', () => {
    k('delete', 'pod', 'b', '--wait=false');
    k('wait', '--for=delete', 'pod/b', '--timeout=30s');
    expect(k('get', 'pods', '-l', 'tier=back', '-o', 'name')).toBe('');
    expect(k('delete', 'pods', '-l', 'app=web')).toContain('pod "a" deleted');
  });
});
