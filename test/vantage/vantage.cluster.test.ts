import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { execVantage } from '../../src/vantage/exec.ts';
import { openNodePod } from '../../src/vantage/node-pod.ts';
import type { Pod } from '../../src/vantage/pod.ts';
import { container, dropNamespace, enterPod, everything, makeNamespace, makePod, NS, observe, SLEEP } from './kit.ts';

let cluster: Cluster;
const pods: Record<string, Pod> = {};
const JOIN = `import socket,time
s=socket.socket(2,2);s.setsockopt(0,35,socket.inet_aton('239.9.9.9')+bytes(4));print(1,flush=True);time.sleep(3600)`;

beforeAll(async () => {
  cluster = await makeNamespace();
  const waiting = (pod: Pod): boolean =>
    /Pull|Image/.test(pod.status?.containerStatuses?.[0]?.state?.waiting?.reason ?? '');
  const made = await Promise.all([
    makePod(cluster, 'python', { containers: [container('app', 'python', ['python3', '-c', JOIN])] }),
    makePod(cluster, 'busybox', { containers: [container('app', 'busybox', SLEEP)] }),
    makePod(cluster, 'distroless', { containers: [container('app', 'distroless')] }),
    makePod(cluster, 'pulling', { containers: [container('app', 'nonesuch')] }, waiting),
    makePod(cluster, 'mixed', { containers: [container('bare', 'distroless'), container('app', 'busybox', SLEEP)] }),
  ]);
  for (const pod of made) pods[pod.metadata.name] = pod;
});
afterAll(() => dropNamespace(cluster));

describe('exec', () => {
  it('observes a pod by its python, with looks', async () => {
    const vantage = execVantage(cluster, NS, 'python', ['app']);
    const heard = await observe(vantage, { kind: 'here' }, { owners: true }, { duration: 50, groups: [] });
    expect(heard.end).toEqual({ complete: true });
    expect(heard.of('hello')[0]).toMatchObject({ runtime: 'python3', uid: 0 });
    expect(heard.of('file')[0]!.text).toMatch(/090909EF/);
    expect(heard.of('netlink')[0]!.data.length).toBeGreaterThan(100);
    expect(heard.of('look')[0]!.interfaces).toEqual(['eth0']);
    expect(heard.of('owners')[0]!.sockets.length).toBeGreaterThan(0);
    expect(vantage.description).toBe(`exec into pod ${NS}/python, container app`);
  });

  it('makes do with a shell, and passes a container without', async () => {
    const heard = await observe(execVantage(cluster, NS, 'mixed', ['bare', 'app']), { kind: 'here' }, { owners: true });
    expect(heard.end).toEqual({ complete: true });
    expect(heard.of('hello')[0]?.runtime).toBe('sh');
    expect(heard.of('file')[0]!.text).toMatch(/eth0/);
    expect(heard.of('owners')).toHaveLength(1);
    expect(heard.of('failed')).toMatchObject([{ what: 'links' }]);
  });

  it('says why it cannot: distroless, no such pod', async () => {
    await expect(observe(execVantage(cluster, NS, 'distroless', ['app']), { kind: 'here' })).rejects.toThrow(
      /no shell, python3, perl or node/,
    );
    await expect(observe(execVantage(cluster, NS, 'absent', ['app']), { kind: 'here' })).rejects.toThrow(/absent/);
  });

  it.each(['python', 'busybox'])('ends the agent in the container when aborted (%s)', async (name) => {
    const abort = new AbortController();
    const vantage = execVantage(cluster, NS, name, ['app']);
    setTimeout(() => abort.abort(), 700);
    const began = Date.now();
    const commands = [{ name: 's', argv: ['sleep', '4'], root: 'here' as const }];
    const heard = await observe(vantage, { kind: 'here' }, { commands }, { duration: 9000, groups: [] }, abort.signal);
    expect(Date.now() - began).toBeLessThan(1700);
    expect(heard.end).toMatchObject({ complete: false });
    expect(heard.of('file')).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const after = await observe(vantage, { kind: 'here' }, { files: ['/proc/*/stat', '/proc/*/cmdline'] });
    // Not even a zombie is left: nobody would reap it.
    const left = after.of('file').filter(({ text }) => /\) Z /.test(text) || text === 'sleep\0' + '4\0');
    expect(left.map(({ text }) => text.slice(0, 20))).toEqual([]);
  });
});

describe('a node pod', () => {
  it('enters pods of every kind, several at once, and leaves nothing', async () => {
    const before = await everything(cluster);
    const told: string[] = [];
    const began = performance.now();
    const vantage = await openNodePod(cluster, {
      node: 'node1',
      namespace: NS,
      run: 'abcd1234',
      announce: (text) => told.push(text),
    });
    let first = 0;
    const hello = vantage.run({ kind: 'observe', deadline: 5, places: [] }, () => (first ||= performance.now()));
    await hello;
    console.log(`node pod: first line after ${Math.round(first - began)} ms`);
    expect(first - began).toBeLessThan(2500);
    expect(told).toHaveLength(1);
    const names = ['python', 'busybox', 'distroless', 'pulling'];
    const heards = await Promise.all(
      names.map((name) => observe(vantage, enterPod(pods[name]!), {}, { duration: 50, groups: [] })),
    );
    for (const heard of heards) {
      expect(heard.end).toEqual({ complete: true });
      expect(heard.of('refused')).toEqual([]);
      expect(heard.of('file')[0]!.text).toMatch(/eth0/);
      expect(heard.of('look')[0]!.interfaces).toEqual(['eth0']);
      expect(Buffer.from(heard.of('netlink')[0]!.data, 'base64').includes('eth0\0')).toBe(true);
    }
    expect(heards[0]!.of('file')[0]!.text).toMatch(/090909EF/);
    expect(heards[2]!.of('file')[0]!.text).not.toMatch(/090909EF/);
    const closing = performance.now();
    await vantage.close();
    console.log(`node pod: removed in ${Math.round(performance.now() - closing)} ms`);
    expect(await everything(cluster)).toEqual(before);
    await vantage.close();
  });

  it('sees the node, its programs and which process has which socket', async () => {
    const vantage = await openNodePod(cluster, { node: 'node1', namespace: NS, run: 'abcd1234', announce: () => {} });
    try {
      const commands = [
        { name: 'node', argv: ['sh', '-c', 'echo $0'], root: 'node' as const },
        { name: 'filter', argv: ['iptables-save'], root: 'either' as const },
      ];
      const heard = await observe(vantage, { kind: 'node' }, { commands });
      expect(heard.of('command').find(({ name }) => name === 'node')).toMatchObject({ status: 0, root: 'node' });
      expect(heard.of('command').find(({ name }) => name === 'filter')).toMatchObject({ status: 0, root: 'node' });
      expect(heard.of('file')[0]!.text).toMatch(/eth1/);
      const owners = await observe(vantage, enterPod(pods.python!), { owners: true });
      expect(owners.of('owners')[0]!.sockets.map(({ command }) => command)).toEqual(['python3']);
      const absent = await observe(vantage, {
        kind: 'pod',
        containers: ['f00'],
        uid: 'no-such',
        name: 'a',
        namespace: 'b',
      });
      expect(absent.of('refused')).toMatchObject([{ error: 'no process and no sandbox of pod b/a on this node' }]);
    } finally {
      await vantage.close();
    }
  });

  it('is made of a Job that the cluster removes by itself', async () => {
    const vantage = await openNodePod(cluster, {
      node: 'node2',
      namespace: NS,
      run: 'abcd1234',
      image: 'localhost/busybox:1',
      announce: () => {},
    });
    try {
      const [job] = await cluster.list<{ metadata: { labels: object }; spec: object }>(
        `/apis/batch/v1/namespaces/${NS}/jobs`,
      );
      expect(job?.metadata.labels).toMatchObject({
        'app.kubernetes.io/managed-by': 'kmcast',
        'kmcast.io/run': 'abcd1234',
      });
      expect(job?.spec).toMatchObject({ activeDeadlineSeconds: 180, ttlSecondsAfterFinished: 30, backoffLimit: 0 });
      // BusyBox has no python3: that of the node is used.
      const heard = await observe(
        vantage,
        { kind: 'node' },
        { commands: [{ name: 'c', argv: ['true'], root: 'either' }] },
      );
      expect(heard.of('hello')[0]?.runtime).toBe('python3');
      expect(heard.of('command')[0]?.root).toBe('node');
    } finally {
      await vantage.close();
    }
    expect((await everything(cluster)).filter((name) => name.startsWith('kmcast-'))).toEqual([]);
  });

  it('leaves nothing when aborted while it is made', async () => {
    for (const delay of [0, 15, 60, 150]) {
      const abort = new AbortController();
      const opening = openNodePod(cluster, {
        node: 'node1',
        namespace: NS,
        run: 'abcd1234',
        announce: () => {},
        signal: abort.signal,
      });
      setTimeout(() => abort.abort(), delay);
      await expect(opening).rejects.toMatchObject({ kind: 'aborted' });
      expect((await everything(cluster)).filter((name) => name.startsWith('kmcast-'))).toEqual([]);
    }
  });

  it('says why not: no such image, no such node', async () => {
    const options = { namespace: NS, run: 'abcd1234', announce: () => {} };
    await expect(openNodePod(cluster, { ...options, node: 'node9' })).rejects.toThrow(/node9/);
    await expect(openNodePod(cluster, { ...options, node: 'node1', image: 'localhost/nonesuch:1' })).rejects.toThrow(
      /localhost\/nonesuch:1.*--image/s,
    );
    expect((await everything(cluster)).filter((name) => name.startsWith('kmcast-'))).toEqual([]);
  });
});
