/** `kmcast probe` between nodes with Kubernetes as its engine: what runs, what is told, and that nothing stays. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeReport } from '../../src/probe/probe-report.ts';
import { kmcast, kubectl, type Run, Space, start } from './kit.ts';
import { site } from './site.ts';

let space: Space;
/** Where a fleet is that nobody was left to remove. */
let orphanage: string;
beforeAll(() => {
  space = new Space('fleet');
  orphanage = `${space.name}-orphan`;
  space.namespace(orphanage);
});
afterAll(() => space.close(orphanage));

const ENGINE = ['--engine', 'cluster'];
const ALL = ['--from', 'nodes', '--to', 'nodes'];

async function probe(...words: string[]): Promise<{ run: Run; report: ProbeReport }> {
  const run = await kmcast(['probe', '-n', space.name, '-o', 'json', ...ENGINE, ...words]);
  if (!run.out.startsWith('{')) throw new Error(`${run.status}: ${run.err}`);
  return { run, report: JSON.parse(run.out) };
}

/** All that a fleet is made of, in the namespace. */
function objects(namespace = space.name): string[] {
  return kubectl(['-n', namespace, 'get', 'jobs,daemonsets,pods,configmaps', '-o', 'name'])
    .split('\n')
    .filter((name) => name !== '' && !name.endsWith('kube-root-ca.crt'));
}

/** What is being removed is gone within some seconds. */
const nothing = (timeout = 15_000) => expect.poll(objects, { timeout, interval: 500 }).toEqual([]);

/** Starts a test of all nodes there, and kills it when its pods are there: what it leaves is what it is made of. */
async function killed(namespace: string, ...words: string[]): Promise<void> {
  const args = [
    'probe',
    '-n',
    namespace,
    ...ENGINE,
    ...ALL,
    '--image',
    site.image('python'),
    '--count',
    '1000',
    ...words,
  ];
  const running = start(args);
  await running.says(/joining/);
  const pods = () => objects(namespace).filter((name) => name.startsWith('pod/'));
  await expect.poll(() => pods().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
  running.child.kill('SIGKILL');
  await running.ended;
  // On a busy machine the sending may have begun: the DaemonSet is gone by then.
  const kinds = objects(namespace).map((name) => name.split('/')[0]);
  expect(kinds).toEqual(expect.arrayContaining(['configmap', 'job.batch', 'pod']));
}

const outcomes = (report: ProbeReport) => report.paths.map(({ from, to, outcome }) => `${from} ${to} ${outcome}`);

describe('kmcast probe --engine cluster', () => {
  it('leaves its objects when it is killed', () => killed(orphanage, '--timeout', '30s'));

  it('tests all nodes by a DaemonSet, with exact counts, and leaves nothing', async () => {
    const { run, report } = await probe(...ALL, '--count', '37');
    expect([run.status, report.engine, report.summary]).toEqual([0, 'cluster', 'all 2 paths carry the group']);
    expect(outcomes(report)).toEqual([
      'node/node1 node/node1 self',
      'node/node1 node/node2 ok',
      'node/node2 node/node1 ok',
      'node/node2 node/node2 self',
    ]);
    expect(report.paths[1]).toMatchObject({ sent: 37, received: 37, duplicates: 0, sameNode: false });
    expect(report.senders[0]).toMatchObject({ source: `${site.lan}11`, interface: 'eth0', sent: 37, errors: [] });
    expect(report.receivers[1]?.vantage).toMatch(/^DaemonSet kmcast-/);
    expect(run.err).toMatch(
      /creating DaemonSet kmcast-\w+ in namespace \S+: a pod with the node's network, and no privileges, on each of 2 nodes, removed after use/,
    );
    await nothing();
  });

  it('tests chosen nodes by a Job, on the interface that is named', async () => {
    const words = [
      '--from',
      'node/node1',
      '--to',
      'node/node2',
      '--interface',
      'eth1',
      '--image',
      site.image('python'),
    ];
    const { run, report } = await probe(...words, '--count', '20');
    expect([run.status, ...outcomes(report)]).toEqual([0, 'node/node1 node/node2 ok']);
    expect(report.senders[0]).toMatchObject({ source: `${site.prefix}11`, interface: 'eth1' });
    expect(run.err).toMatch(/creating Job kmcast-\w+ .* \(image \w+\/python:1\)/);
    const one = await probe('--from', 'node/node2', '--to', 'node/node2', '--image', site.image('python'));
    expect([one.run.status, ...outcomes(one.report)]).toEqual([0, 'node/node2 node/node2 ok']);
    await nothing();
  });

  it('finds what is lost, and the hop, and tells a refused join from loss', async () => {
    const group = ['--group', '239.255.9.9:20009'];
    const words = [
      '--from',
      'node/node1',
      '--to',
      'node/node2',
      '--image',
      site.image('python'),
      '--count',
      '20',
      ...group,
    ];
    const lost = await probe(...words, '--from-interface', 'eth1', '--to-interface', 'eth0');
    expect(lost.run.status).toBe(1);
    expect(lost.report.paths[0]).toMatchObject({ outcome: 'lost', sent: 20, received: 0 });
    expect(lost.report.paths[0]?.died?.before).toBeTruthy();
    const none = await probe(...words, '--interface', 'none0');
    expect([none.run.status, none.report.paths[0]?.outcome]).toEqual([3, 'unknown']);
    expect(none.report.paths[0]?.reason).toMatch(/the receiver could not join: .*ENODEV/);
    await nothing();
  });

  it('says beforehand what it would do, and which permission is missing', async () => {
    const dry = await kmcast(['probe', '-n', space.name, ...ENGINE, ...ALL, '--dry-run']);
    expect([dry.status, dry.out]).toEqual([0, '']);
    expect(dry.err).toMatch(/would create a DaemonSet in namespace \S+: a pod with the node's network/);
    expect(objects()).toEqual([]);
    const kubeconfig = space.user('reader', { [space.name]: [['', 'pods', 'list', 'watch']] });
    kubectl(['create', 'clusterrole', space.name, '--verb=list', '--resource=nodes']);
    kubectl([
      'create',
      'clusterrolebinding',
      space.name,
      `--clusterrole=${space.name}`,
      `--serviceaccount=${space.name}:reader`,
    ]);
    try {
      const env = { KUBECONFIG: kubeconfig };
      const denied = await kmcast(['probe', '-n', space.name, ...ENGINE, ...ALL], env);
      expect(denied.status).toBe(3);
      expect(denied.err).toMatch(
        /create jobs, .*create configmaps, create daemonsets.* and deletecollection pods are forbidden in namespace/,
      );
    } finally {
      kubectl(['delete', 'clusterrole,clusterrolebinding', space.name]);
    }
    const usage = await kmcast(['probe', '-n', space.name, ...ENGINE, '--from', 'pod/x', '--to', 'nodes']);
    expect([usage.status, usage.err]).toEqual([2, expect.stringContaining('only nodes can be tested')]);
  });

  it('leaves nothing when interrupted', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const running = start(['probe', '-n', space.name, ...ENGINE, ...ALL, '--image', site.image('python')]);
      await running.says(/joining/);
      await expect.poll(() => objects().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(4);
      running.child.kill(signal);
      expect((await running.ended).status).toBe(130);
      await nothing();
    }
  });

  it('leaves nothing when killed once kmcast clean was there', async () => {
    await killed(space.name);
    const clean = await kmcast(['clean', '-n', space.name]);
    expect(clean.out).toMatch(/^removed {2}Job \S+-guard\n$/);
    await nothing(40_000);
  });

  it('left nothing in the other namespace either: the cluster itself removed all', { timeout: 180_000 }, () =>
    expect.poll(() => objects(orphanage), { timeout: 150_000, interval: 1000 }).toEqual([]),
  );
});
