/** `kmcast conformance` on the test cluster with its default network: a bridge on each node. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConformanceReport } from '../../src/conformance/conformance-report.ts';
import { kmcast, kubectl, type Right, type Run, Space, start } from './kit.ts';
import { BIN, run as runProgram, site } from './site.ts';

let space: Space;
let other: string;

beforeAll(() => {
  space = new Space('conformance');
  other = `${space.name}-other`;
  space.namespace(other);
});
afterAll(() => space.close(other));

const words = (...more: string[]) => ['conformance', '-n', space.name, '--other-namespace', other, ...more];

function reportOf(run: Run): ConformanceReport {
  if (!run.out.startsWith('{')) throw new Error(`${run.status}: ${run.err}`);
  return JSON.parse(run.out);
}

const outcomes = ({ families }: ConformanceReport, index = 0) =>
  Object.fromEntries(families[index]!.cases.map(({ id, observed, outcome }) => [id, `${observed} ${outcome}`]));

const BRIDGES = {
  'same-node': 'arrives as-claimed',
  'cross-node': 'nothing as-claimed',
  'cross-namespace-same-node': 'arrives as-claimed',
  'cross-namespace-cross-node': 'nothing as-claimed',
  'to-host-same-node': 'nothing as-claimed',
  'to-host-cross-node': 'nothing as-claimed',
  'from-host-same-node': 'nothing as-claimed',
  'from-host-cross-node': 'nothing as-claimed',
  'to-outside': 'unknown unknown',
  'from-outside': 'unknown unknown',
  'non-member-same-node': 'arrives as-claimed',
  'non-member-cross-node': 'nothing as-claimed',
  'link-local-same-node': 'arrives as-claimed',
  'link-local-cross-node': 'nothing as-claimed',
};

describe('kmcast conformance', () => {
  it('finds a network that floods within a node, as Flannel claims, in half a minute, and leaves nothing', async () => {
    const before = space.everything();
    const began = Date.now();
    const run = await kmcast(words('-o', 'json'));
    const took = Date.now() - began;
    const report = reportOf(run);
    expect([run.status, report.verdict, report.network?.name]).toEqual([0, 'conforms', 'flannel']);
    expect(report.families).toMatchObject([{ family: 4, level: 'broadcast', reach: 'node', crossesBoundary: 'no' }]);
    expect(outcomes(report)).toEqual(BRIDGES);
    expect(report.ends.map(({ role, namespace, hostNetwork }) => `${role} ${namespace} ${hostNetwork}`)).toEqual([
      `sender ${space.name} false`,
      ...Array(2).fill(`member ${space.name} false`),
      ...Array(2).fill(`bystander ${space.name} false`),
      ...Array(2).fill(`other-namespace ${other} false`),
      ...Array(2).fill(`host ${space.name} true`),
    ]);
    expect(run.err).toMatch(
      /creating 5 pods in namespace .* \(node1: 3, node2: 2\), 2 pods in namespace .* removed after use/,
    );
    expect(took).toBeLessThan(30_000);
    expect(space.everything()).toEqual(before);
  });

  it('asks a host outside, in both families, from the other node, and tells CI', () => {
    const args = words(
      '-o',
      'junit',
      '-4',
      '-6',
      '--outside',
      'local',
      '--outside-interface',
      'eth1',
      '--nodes',
      'node2',
      'node1',
    );
    const xml = runProgram(site.outside([process.execPath, BIN, ...args]));
    expect(xml.match(/<testsuite name="kmcast conformance IPv[46]" tests="15" failures="0" skipped="0"/g)).toHaveLength(
      2,
    );
    expect(xml.match(/name="from-outside: local to pod node[12]"/g)).toHaveLength(4);
    expect(xml.match(/<property name="reach" value="node"\/>/g)).toHaveLength(2);
  });

  it('does with what it may: nothing privileged, one namespace that enforces "restricted"', async () => {
    const before = space.everything();
    kubectl(['label', 'namespace', other, 'pod-security.kubernetes.io/enforce=restricted']);
    const args = ['conformance', '-n', other, '--no-privileged', '--no-other-namespace', '-o', 'json'];
    const run = await kmcast(args);
    kubectl(['label', 'namespace', other, 'pod-security.kubernetes.io/enforce-']);
    const report = reportOf(run);
    expect([run.status, report.verdict, report.ends.length]).toEqual([0, 'conforms', 5]);
    expect(report.families).toMatchObject([{ level: 'broadcast', reach: 'node', crossesBoundary: null }]);
    const reasons = Object.fromEntries(report.families[0]!.cases.map(({ id, reason }) => [id, reason]));
    expect(reasons['cross-namespace-same-node']).toBe('--no-other-namespace was given');
    expect(reasons['to-host-cross-node']).toBe('--no-privileged was given');
    expect(space.everything()).toEqual(before);
  });

  it('has no verdict on one node, and none without the right to make pods, which it names', async () => {
    const one = await kmcast(words('--nodes', 'node1', '--no-privileged', '-o', 'json'));
    const report = reportOf(one);
    expect([one.status, report.verdict, report.families[0]?.level, report.families[0]?.reach]).toEqual([
      3,
      'unknown',
      'broadcast',
      null,
    ]);
    expect(report.families[0]?.unknown[0]).toBe('the reach: there is one node only, and two are needed');
    const few: Right[] = [
      ['', 'pods', 'list', 'watch', 'delete'],
      ['', 'pods/exec', 'get', 'create'],
    ];
    const weak = ['--kubeconfig', space.user('weak', { [space.name]: few }), '--image', site.image('python')];
    const denied = await kmcast(words(...weak, '--nodes', 'node1', 'node2'));
    expect(denied.status).toBe(3);
    expect(denied.err).toMatch(/create jobs and delete jobs are forbidden|create jobs, delete jobs/);
    const blind = await kmcast(words(...weak));
    expect([blind.status, blind.err]).toEqual([
      3,
      expect.stringMatching(/nodes.*forbidden[\s\S]*name two nodes by --nodes/),
    ]);
  });

  it('measures with the documented role alone, though nothing tells which network it is', async () => {
    const role: Right[] = [
      ['batch', 'jobs', 'create', 'delete', 'list'],
      ['', 'pods', 'list', 'watch', 'delete'],
      ['', 'pods/exec', 'get', 'create'],
      ['', 'events', 'list'],
    ];
    const user = space.user('measurer', { [space.name]: role, [other]: role });
    const args = ['--kubeconfig', user, '--image', site.image('python'), '--nodes', 'node1', 'node2', '-o', 'json'];
    const run = await kmcast(words('--no-privileged', ...args));
    const report = reportOf(run);
    expect([run.status, report.verdict, report.network]).toEqual([0, 'measured', null]);
    expect(report.families).toMatchObject([{ level: 'broadcast', reach: 'node', claim: null }]);
    expect(report.families[0]?.noClaim).toMatch(/forbidden/);
  });

  it('only says what it would make with --dry-run; refuses odd words', async () => {
    const before = space.everything();
    const dry = await kmcast(words('--dry-run'));
    expect([dry.status, dry.out]).toEqual([0, '']);
    expect(dry.err).toMatch(/would create 5 pods in namespace/);
    expect((await kmcast(['conformance', '-n', space.name, '--other-namespace', space.name])).status).toBe(2);
    expect((await kmcast(words('--group', '10.1.1.1:5000'))).status).toBe(2);
    expect((await kmcast(words('--outside-interface', 'eth1'))).status).toBe(2);
    expect((await kmcast(words('--nodes', 'node7'))).err).toMatch(/node node7 .*did you mean node1/s);
    expect(space.everything()).toEqual(before);
  });

  it.each([
    ['SIGINT', 0],
    ['SIGINT', 1000],
    ['SIGTERM', 3000],
    ['SIGINT', 7000],
  ] as const)('%s after %d ms ends it with status 130, and nothing stays', async (signal, delay) => {
    const before = space.everything();
    const running = start(words());
    await running.says(/creating 5 pods/);
    await sleep(delay);
    running.child.kill(signal);
    const run = await running.ended;
    expect([run.status, run.out]).toEqual([130, '']);
    expect(space.everything()).toEqual(before);
  });

  it('clean removes what a killed one left', async () => {
    const before = space.everything();
    const running = start(words());
    await running.says(/joining/);
    running.child.kill('SIGKILL');
    await running.ended;
    for (const [namespace, jobs] of [
      [space.name, 7],
      [other, 2],
    ] as const) {
      const run = await kmcast(['clean', '-n', namespace]);
      expect([run.status, run.out.match(/^removed {2}Job /gm)?.length]).toEqual([0, jobs]);
    }
    await expect.poll(() => space.everything(), { timeout: 20_000 }).toEqual(before);
  });
});
