import { describe, expect, it } from 'vitest';
import { fleetReport } from '../../src/fleet/fleet-report.ts';
import { fleetPaths, MOST_LISTED, type Outcomes } from '../../src/fleet/paths.ts';
import type { FleetResult } from '../../src/fleet/result.ts';
import { probeText } from '../../src/probe/probe-text.ts';
import { style } from '../../src/report/style.ts';
import { planOf } from '../probe/measured.ts';
import { heardOf, node, resultOf } from './made.ts';

const NONE = { datagrams: 0 };
const TOLD = { version: '1', time: '2026-01-02T03:04:05.000Z', vantage: 'DaemonSet kmcast-1' };

/** A matrix of `size` nodes; `heard` says what receiver `r` heard of sender `s`. */
function reportOf(
  size: number,
  heard: (s: number, r: number) => number,
  odd: Record<number, FleetResult | string> = {},
) {
  const ends = Array.from({ length: size }, (_, index) => node(index));
  const plan = planOf(ends, ends, { count: 20 });
  const results = ends.map(
    (_, r) =>
      odd[r] ??
      resultOf(
        r,
        ends.map((_, s) => heard(s, r)),
      ),
  );
  const outcomes: Outcomes = (end) => results[Number(end.node?.slice(1))]!;
  return fleetReport(plan, outcomes, fleetPaths(plan, outcomes, NONE), TOLD);
}

const lines = (report: ReturnType<typeof reportOf>, width = 100) => probeText(report, style(width, false)).split('\n');

describe('the report of a fleet', () => {
  it('has every path of a small matrix', () => {
    const report = reportOf(3, (s, r) => (s === 1 && r !== 1 ? 0 : 20));
    expect(report.paths.map(({ outcome }) => outcome).join()).toBe('self,ok,ok,lost,self,lost,ok,ok,self');
    expect(report).toMatchObject({
      verdict: 'failed',
      engine: 'cluster',
      totals: { ok: 4, lost: 2, lossy: 0, unknown: 0 },
    });
    expect(report.summary).toBe('2 of 6 paths lose datagrams: all that node/n1 sends');
    expect(report.senders[1]).toMatchObject({ sent: 20, interface: 'eth0', tally: { lost: 2 }, vantage: TOLD.vantage });
    expect(lines(report).slice(2, 6)).toEqual([
      'FROM \\ TO  node/n0  node/n1  node/n2',
      'node/n0    -        ok       ok',
      'node/n1    LOST     -        LOST',
      'node/n2    ok       ok       -',
    ]);
  });

  it('tells loss exactly, and says where it is known to a share alone', () => {
    const some = resultOf(1, [heardOf(15, { first: 2, after: 15, duplicates: 1 }), 20, heardOf(7, { exact: false })]);
    const { paths } = reportOf(3, () => 20, { 1: some });
    expect(paths[1]).toMatchObject({ outcome: 'lossy', received: 15, lost: 5, lostAfterFirst: 3, duplicates: 1 });
    expect(paths[7]).toMatchObject({ outcome: 'lossy', received: 7, reason: expect.stringMatching(/to a sixtieth/) });
  });

  it('is unknown, not lost, where an agent told nothing, could not join, or ended before the sender', () => {
    const deaf = { end: 1, ended: 0, joinError: { code: 'ENODEV', error: 'No such device' } };
    const { paths, verdict } = reportOf(3, () => 20, { 0: 'the node is not ready', 1: deaf });
    expect(paths.map(({ outcome }) => outcome).join()).toBe(
      'self,unknown,unknown,unknown,self,unknown,unknown,unknown,self',
    );
    expect(paths[1]?.reason).toMatch(/could not join: 239.255.1.2: no route/);
    expect(paths[3]?.reason).toBe('the receiver could not be tested: the node is not ready');
    expect(verdict).toBe('unknown');
    const early = reportOf(2, (s, r) => (s === r ? 20 : 0), { 0: resultOf(0, [20, 0], { ended: 900 }) });
    expect(early.paths.map(({ outcome }) => outcome).join()).toBe('self,lost,unknown,self');
    expect(early.paths[2]?.reason).toMatch(/^the receiver had ended 0.1 s before/);
  });

  it('numbers the columns of a wide matrix', () => {
    const text = lines(
      reportOf(12, (s) => (s === 3 ? 10 : 20)),
      100,
    );
    expect(text.every((line) => line.length <= 100 || /^FAILED|^[x ]/.test(line))).toBe(true);
    expect(text[2]).toMatch(/^FROM \\ TO +1 +2 +3/);
    expect(text[6]).toMatch(/^4 node\/n3 +50% +50% +50% +- +50%/);
  });

  it('of a thousand nodes is one screen, the worst first, and bounded', () => {
    const report = reportOf(1000, (s, r) => (s === 7 || r === 9 ? 0 : s === 3 && r >= 50 && r < 100 ? 12 : 20));
    expect(report.totals).toEqual({ ok: 999_000 - 1997 - 50, lost: 1997, lossy: 50, unknown: 0 });
    expect(report.paths).toHaveLength(2047);
    expect(report.summary).toBe(
      '2047 of 999000 paths lose datagrams: nobody hears node/n7, and nothing reaches node/n9',
    );
    const text = lines(report);
    expect(text.length).toBeLessThan(70);
    expect(text[2]).toMatch(/^END +REACHES +HEARS/);
    expect(text[3]).toMatch(/^node\/n7 +0 of 999, 999 lost +999 of 999$/);
    expect(text[4]).toMatch(/^node\/n9 +999 of 999 +0 of 999, 999 lost/);
    expect(text[5]).toMatch(/^node\/n3 .*50 in part/);
    const all = reportOf(120, () => 0);
    expect(all.paths).toHaveLength(MOST_LISTED);
    expect(all.summary).toBe('all 14280 paths lose datagrams');
    const fine = lines(reportOf(120, () => 20));
    expect(fine.slice(2, 7)).toEqual([
      'END      REACHES     HEARS',
      'node/n0  119 of 119  119 of 119',
      '… and 119 more: the same',
      '',
      'PASSED  all 14280 paths carry the group',
    ]);
  });
});
