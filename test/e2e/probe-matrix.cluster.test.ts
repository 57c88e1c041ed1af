/** How fast a matrix of pods is tested, and how much one sender's receivers bear, on two nodes that share this machine's cores. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeReport } from '../../src/probe/probe-report.ts';
import { attachment, kmcast, pod, type Run, Space } from './kit.ts';
import { site } from './site.ts';

const RECEIVERS = 50;
let space: Space;

/** The multicast LAN, with addresses that the other node does not give out. */
function lan(name: string, first: number): object {
  const made = attachment(name, [{ dst: '239.255.0.0/16', gw: '0.0.0.0' }]) as { spec: { config: string } };
  const config = JSON.parse(made.spec.config);
  const range = { subnet: site.subnet, rangeStart: `${site.prefix}${first}`, rangeEnd: `${site.prefix}${first + 39}` };
  config.ipam.ranges = [[range]];
  return { ...made, spec: { config: JSON.stringify(config) } };
}

/** Half of the pods are on each node; ten of them send in the matrix, and ten receive. */
function receiver(index: number): object {
  const labels = { app: 'rx', ...(index < 20 ? { matrix: index % 4 < 2 ? 'tx' : 'rx' } : {}) };
  const even = index % 2 === 0;
  const made = pod(`rx${index}`, { command: ['sleep', '3600'], labels, networks: even ? 'one' : 'two' });
  const { spec, ...rest } = made as { readonly spec: object };
  return { ...rest, spec: { ...spec, nodeName: even ? 'node1' : 'node2', automountServiceAccountToken: false } };
}

beforeAll(() => {
  space = new Space('matrix');
  space.apply(
    lan('one', 60),
    lan('two', 110),
    pod('tx', { command: ['sleep', '3600'], networks: 'one' }),
    ...Array.from({ length: RECEIVERS }, (_, index) => receiver(index)),
  );
  space.ready('pod', '--all');
});
afterAll(() => space.close());

async function probe(...words: string[]): Promise<{ run: Run; report: ProbeReport; seconds: number }> {
  const began = Date.now();
  const run = await kmcast(['probe', '-n', space.name, '-o', 'json', ...words]);
  const seconds = (Date.now() - began) / 1000;
  if (!run.out.startsWith('{')) throw new Error(`${run.status}: ${run.err}`);
  return { run, report: JSON.parse(run.out), seconds };
}

const MATRIX = ['--from', 'matrix=tx', '--to', 'matrix=rx'];

describe('kmcast probe', () => {
  it('tests ten pods to ten pods in ten seconds', async () => {
    const { run, report, seconds } = await probe(...MATRIX);
    expect(run.err.split('\n').filter((line) => !line.startsWith('kmcast: joining'))).toEqual(['']);
    expect([run.status, report.paths.length, report.summary]).toEqual([0, 100, 'all 100 paths carry the group']);
    expect(report.paths.filter(({ sameNode }) => sameNode === false)).toHaveLength(50);
    expect(seconds).toBeLessThan(10);
  });

  it('does so as well where half of the paths carry nothing', async () => {
    const { run, report, seconds } = await probe(...MATRIX, '--interface', 'eth0', '--no-trace');
    expect([run.status, report.summary]).toEqual([
      1,
      '50 of 100 paths lose datagrams: all across nodes, and none within a node',
    ]);
    expect(seconds).toBeLessThan(10);
  });

  it('loses nothing by itself when fifty receive 2000 datagrams a second', async () => {
    const { run, report } = await probe('--from', 'tx', '--to', 'app=rx', '--count', '10000', '--rate', '2000');
    expect(report.paths).toHaveLength(RECEIVERS);
    expect(report.receivers.filter(({ bufferOverflow = 0 }) => bufferOverflow > 0)).toEqual([]);
    expect([run.status, report.paths.filter(({ lost }) => lost > 0)]).toEqual([0, []]);
    expect(report.senders[0]?.sent).toBe(10_000);
    console.log(`sent at ${report.senders[0]?.rate} a second`);
    expect(report.senders[0]?.rate).toBeGreaterThan(1800);
  });
});
