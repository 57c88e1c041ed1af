/**
 * `kmcast probe` and `kmcast conformance` on the test cluster whose pod network is one L2 segment (`up --pod-network flat`); this machine is
 * on that LAN, too.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConformanceReport } from '../../src/conformance/conformance-report.ts';
import type { ProbeReport } from '../../src/probe/probe-report.ts';
import { kmcast, pod, Space } from './kit.ts';

const SLEEP = ['sleep', '3600'];
/** This machine's interface on the pods' LAN. */
const LAN = 'kmc-pods';
let space: Space;
let other: string;

beforeAll(() => {
  space = new Space('flat');
  other = `${space.name}-other`;
  space.namespace(other);
  const far = pod('far', { command: SLEEP, labels: { app: 'rx' } }) as { readonly spec: object };
  space.apply(
    pod('tx', { command: SLEEP }),
    pod('near', { command: SLEEP, labels: { app: 'rx' } }),
    { ...far, spec: { ...far.spec, nodeName: 'node2' } },
    pod('bare', { image: 'distroless', labels: { app: 'rx' } }),
  );
  space.ready('pod', '--all');
});
afterAll(() => space.close(other));

it('all receivers get all, on the sender’s node and on the other', async () => {
  const run = await kmcast(['probe', '-n', space.name, '-o', 'json', '--from', 'tx', '--to', 'app=rx']);
  const report: ProbeReport = JSON.parse(run.out);
  expect([run.status, report.verdict, report.summary]).toEqual([0, 'passed', 'all 3 paths carry the group']);
  const seen = report.paths.map(({ to, sameNode, received, lost, ttl, interfaces }) => [
    to,
    sameNode,
    received,
    lost,
    ttl,
    interfaces,
  ]);
  expect(seen.sort()).toEqual([
    ['pod/bare', true, 100, 0, [16], ['eth0']],
    ['pod/far', false, 100, 0, [16], ['eth0']],
    ['pod/near', true, 100, 0, [16], ['eth0']],
  ]);
});

it('a leak to receivers that did not join is told: the segment floods', async () => {
  const before = space.everything();
  const run = await kmcast([
    ...['conformance', '-n', space.name, '--other-namespace', other, '-o', 'json'],
    ...['--outside', 'local', '--outside-interface', LAN],
  ]);
  const report: ConformanceReport = JSON.parse(run.out);
  expect([run.status, report.verdict]).toEqual([0, 'measured']);
  expect(report.families).toMatchObject([
    { family: 4, level: 'broadcast', reach: 'l2-segment', crossesBoundary: 'both' },
  ]);
  const cases = report.families[0]!.cases.map(({ id, observed }) => `${id} ${observed}`);
  expect([...new Set(cases)].sort()).toEqual([
    'cross-namespace-cross-node arrives',
    'cross-namespace-same-node arrives',
    'cross-node arrives',
    'from-host-cross-node nothing',
    'from-host-same-node nothing',
    'from-outside arrives',
    'link-local-cross-node arrives',
    'link-local-same-node arrives',
    'non-member-cross-node arrives',
    'non-member-same-node arrives',
    'same-node arrives',
    'to-host-cross-node nothing',
    'to-host-same-node nothing',
    'to-outside arrives',
  ]);
  expect(space.everything()).toEqual(before);
});
