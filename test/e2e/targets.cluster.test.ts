import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attachment,
  GROUP,
  kmcast,
  kubectl,
  PORT,
  pod,
  podOf,
  ROUTE,
  receives,
  report,
  reports,
  Space,
} from './kit.ts';

/** Which targets a command line means, and targets that are hard to look into. */
let space: Space;
const json = ['--group', `${GROUP}:${PORT}`, '-o', 'json'];

beforeAll(() => {
  space = new Space('targets');
  const labels = { app: 'feed' };
  const template = podOf({ networks: 'routed', command: receives(), labels: { app: 'many' } });
  space.apply(
    attachment('routed', ROUTE),
    attachment('plain'),
    pod('well', { networks: 'routed', command: receives(), labels }),
    pod('astray', { networks: 'plain', command: receives(), labels }),
    pod('bare', { networks: 'plain', image: 'distroless' }),
    pod('absent', { networks: 'nowhere', command: receives() }),
    pod('crashing', { networks: 'plain', command: ['python3', '-c', 'raise SystemExit(1)'] }),
    pod('pulling', { networks: 'routed', image: 'no-such-image' }),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'many' },
      spec: { replicas: 2, selector: { matchLabels: { app: 'many' } }, template },
    },
  );
  space.ready('pod/well', 'pod/astray', 'pod/bare');
  kubectl(['-n', space.name, 'rollout', 'status', 'deploy/many', '--timeout=60s']);
  space.stream();
});
afterAll(() => space.close());

const doctor = (...args: string[]) => kmcast(['doctor', '-n', space.name, ...args]);

describe('pods that are hard to look into', () => {
  it('looks into one without a shell by the node', async () => {
    const run = await doctor('pod/bare', ...json);
    const found = report(run);
    expect([run.status, found.rootCause]).toEqual([1, 'no-membership']);
    expect(found.vantages[0]).toMatchObject({
      kind: 'exec',
      outcome: 'failed',
      reason: expect.stringMatching(/no shell/),
    });
    expect(found.checks.find((check) => check.rule === 'joined-on-wrong-interface')?.outcome).toBe('pass');
  });

  it('says why one does not start', async () => {
    const run = await doctor('pod/absent', ...json);
    const found = report(run);
    expect([run.status, found.rootCause]).toEqual([1, 'nad-not-found']);
    expect(found.findings.filter((f) => f.severity === 'error')).toHaveLength(1);
  });

  it.each(['crashing', 'pulling'])('says that no application runs in %s', async (name) => {
    const run = await doctor(`pod/${name}`, ...json);
    const found = report(run);
    expect([run.status, found.verdict]).toEqual([1, 'broken']);
    expect(['container-not-running', 'pod-not-started']).toContain(found.rootCause);
    // Its network is there all the same, and was read.
    expect(found.checks.find((check) => check.rule === 'reverse-path-filter')?.outcome).not.toBe('unknown');
  });
});

describe('which targets', () => {
  it('several: worst first', async () => {
    const found = reports(await doctor('well', 'pod/astray', ...json));
    expect(found.map((d) => [d.target.name, d.verdict])).toEqual([
      ['pod/astray', 'broken'],
      ['pod/well', 'healthy'],
    ]);
  });

  it('by label, and in text', async () => {
    const run = await doctor('-l', 'app=feed', '--group', GROUP);
    expect(run.status).toBe(1);
    expect(run.out).toMatch(/^BROKEN +pod\/astray in [\s\S]*^HEALTHY +pod\/well in /m);
  });

  it('all pods of a Deployment', async () => {
    const run = await doctor('deploy/many', ...json);
    expect(run.status).toBe(0);
    expect(reports(run).map((d) => d.verdict)).toEqual(['healthy', 'healthy']);
  });

  it('none named: all pods of the namespace, and the groups that they are members of', async () => {
    const run = await doctor('-o', 'json');
    const found = reports(run);
    expect(run.status).toBe(1);
    expect(new Set(found.map((d) => d.target.name)).size).toBe(8);
    expect(found.filter((d) => d.group !== null).map((d) => d.group)).toEqual(Array(4).fill(GROUP));
    const order = ['broken', 'unknown', 'healthy'];
    const ranks = found.map((d) => order.indexOf(d.verdict));
    expect(ranks).toEqual([...ranks].sort());
    expect(found[0]).toMatchObject({ target: { name: 'pod/astray' }, rootCause: 'joined-on-wrong-interface' });
  });

  it('a node, and a container of a pod', async () => {
    const node = report(await doctor('node/node1', ...json));
    expect(node.target.name).toBe('node/node1');
    expect(node.verdict).toBe('unknown');
    expect(report(await doctor('pod/well/app', ...json)).verdict).toBe('healthy');
  });
});
