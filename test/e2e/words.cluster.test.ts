import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachment, GROUP, kmcast, PORT, pod, ROUTE, receives, report, Space } from './kit.ts';

let space: Space;
const json = ['--group', `${GROUP}:${PORT}`, '-o', 'json'];

beforeAll(() => {
  space = new Space('words');
  space.apply(
    attachment('routed', ROUTE),
    attachment('plain'),
    pod('receiver', { networks: 'routed', command: receives() }),
    pod('astray', { networks: 'plain', command: receives() }),
  );
  space.ready('pod/receiver', 'pod/astray');
  space.stream();
});
afterAll(() => space.close());

const doctor = (...args: string[]) => kmcast(['doctor', '-n', space.name, ...args]);

describe('what is said when there is nothing to look at', () => {
  it('no cluster answers', async () => {
    const file = join(space.folder, 'nobody.json');
    const cluster = { server: 'https://127.0.0.1:9' };
    const context = { cluster: 'a', user: 'a' };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'a',
      clusters: [{ name: 'a', cluster }],
      contexts: [{ name: 'a', context }],
      users: [{ name: 'a', user: {} }],
    };
    writeFileSync(file, JSON.stringify(config));
    const run = await kmcast(['doctor', 'pod/x', ...json], { KUBECONFIG: file });
    expect([run.status, run.out]).toEqual([3, '']);
    expect(run.err).toMatch(/^kmcast: .*127\.0\.0\.1:9.*/);
    expect(run.err).not.toMatch(/defect|\.ts|\.js:/);
  });

  it('no kubeconfig, no such context', async () => {
    const none = await kmcast(['doctor', 'pod/x'], { KUBECONFIG: '/nonexistent', HOME: '/nonexistent' });
    expect(none.status).toBe(3);
    expect(none.err).toMatch(/^kmcast: no Kubernetes configuration: .*\n.*--kubeconfig/);
    const context = await kmcast(['doctor', 'pod/x', '--context', 'nowhere']);
    expect(context.status).toBe(3);
    expect(context.err).toMatch(/nowhere/);
  });

  it.each([
    [['pod/reciever'], 3, /pod reciever in namespace \S+ not found; did you mean receiver\?/],
    [['deploy/nothing'], 3, /nothing.*not found/],
    [['node/nodel'], 3, /nodel.*not found.*did you mean node1/],
    [['-l', 'app=nobody'], 3, /no pods in namespace \S+ match app=nobody/],
    [['pod/astray/nobody', '--vantage', 'exec', ...json], 3, /nobody/],
    [['pod/astray', '--group', '239.1.2'], 2, /--group/],
    [['pod/astray', '--source', '239.1.2.3'], 2, /--source/],
    [['svc/receiver'], 2, /looks at pod, deploy/],
    [['pod/astray', '-l', 'a=b'], 2, /not both/],
    [['pod/astray', '-o', 'jason'], 2, /json/],
  ])('wrong words: %j', async (words, status, says) => {
    const run = await doctor(...words);
    expect(run.status).toBe(status);
    expect(run.err + run.out).toMatch(says);
  });

  it('a namespace that does not exist', async () => {
    const run = await kmcast(['doctor', 'pod/receiver', '-n', `${space.name}x`]);
    expect(run.status).toBe(3);
    expect(run.err).toContain(`did you mean ${space.name}`);
  });
});

describe('ways in', () => {
  it('--dry-run says what would be done, and does nothing', async () => {
    const before = space.everything();
    const run = await doctor('pod/astray', ...json, '--dry-run');
    expect([run.status, run.out]).toEqual([0, '']);
    expect(run.err).toMatch(new RegExp(`would run a reading agent in pod ${space.name}/astray by exec`));
    expect(run.err).toMatch(/would create a privileged pod on node node1 in namespace/);
    expect(run.err).not.toMatch(/would add an ephemeral/);
    expect(space.everything()).toEqual(before);
  });

  it('--no-privileged makes no node pod, and finds the cause by exec', async () => {
    const run = await doctor('pod/astray', ...json, '--no-privileged');
    expect([run.status, report(run).rootCause]).toEqual([1, 'joined-on-wrong-interface']);
    expect(run.err).not.toMatch(/creating/);
    expect(report(run).vantages.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['exec', 'used'],
      ['node-pod', 'refused'],
    ]);
  });

  it.each(['exec', 'node-pod'])('--vantage %s uses that alone', async (kind) => {
    const run = await doctor('pod/astray', ...json, '--vantage', kind);
    expect([run.status, report(run).rootCause]).toEqual([1, 'joined-on-wrong-interface']);
    const used = report(run).vantages.filter((v) => v.outcome === 'used');
    expect(used.map((v) => v.kind)).toEqual([kind]);
  });
});

describe('routes', () => {
  it('says where a join goes, and what is sent', async () => {
    const run = await kmcast([
      'routes',
      'receiver',
      'astray',
      '-n',
      space.name,
      '--group',
      GROUP,
      '--source',
      '10.9.9.9',
    ]);
    expect(run.status).toBe(0);
    const [receiver, astray] = run.out.split('\n\n');
    expect(receiver).toMatch(/a join for 239\.1\.2\.3 that names no interface goes out of net1; .*leaves by net1$/m);
    expect(receiver).toMatch(/^net1 +secondary +up +macvlan bridge on eth1 +(172\.31\.0|192\.168\.50)\.\d+\/24/m);
    expect(astray).toMatch(/a join for 239\.1\.2\.3 that names no interface goes out of eth0; .*leaves by eth0$/m);
    expect(receiver).toMatch(/^an answer to 10\.9\.9\.9 leaves by eth0 via /m);
  });

  it('as JSON', async () => {
    const run = await kmcast(['routes', 'receiver', '-n', space.name, '--group', GROUP, '-o', 'json']);
    const [item] = JSON.parse(run.out).items;
    const net1 = item.interfaces.find((row: { name: string }) => row.name === 'net1');
    expect(net1).toMatchObject({ role: 'secondary', groupRoutes: [`${GROUP}/32`], memberships: [GROUP] });
  });
});
