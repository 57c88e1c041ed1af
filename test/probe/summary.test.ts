import { expect, it } from 'vitest';
import { contains } from '../../src/model/address.ts';
import { groupMac, isMulticast, isSourceSpecific } from '../../src/model/group.ts';
import { isTaken, randomGroup, silentGroup } from '../../src/probe/free-group.ts';
import type { PathReport } from '../../src/probe/probe-report.ts';
import { summaryOf } from '../../src/probe/summary.ts';

const NODES: Record<string, string> = { a: 'one', b: 'one', c: 'two', d: 'two' };

/** `ab` is a path from a to b; `ab!` loses, `ab?` is unknown. */
function summary(...words: string[]): string {
  return summaryOf(
    words.map(
      ([from = '', to = '', mark]): PathReport => ({
        from,
        to,
        sameNode: NODES[from] === NODES[to],
        outcome: mark === '!' ? 'lost' : mark === '?' ? 'unknown' : 'ok',
        way: mark === '!' ? 'broken' : mark === '?' ? 'unknown' : 'sound',
        sent: 1,
        received: 1,
        lost: 0,
        lostAfterFirst: 0,
        duplicates: 0,
        reordered: 0,
        latency: null,
        ttl: [],
        interfaces: [],
        control: null,
      }),
    ),
  );
}

it('says what failing paths have in common, and nothing that is not so', () => {
  expect(summary('ab', 'ba')).toBe('all 2 paths carry the group');
  expect(summary('ab')).toBe('the path carries the group');
  expect(summary('ac!')).toBe('1 of 1 path loses datagrams (across nodes)');
  expect(summary('ab', 'ac!', 'cd')).toBe('1 of 3 paths loses datagrams: all across nodes, and none within a node');
  expect(summary('ab!', 'ac', 'cd!')).toBe('2 of 3 paths lose datagrams: all within a node, and none across nodes');
  expect(summary('ab!', 'ac!', 'cd', 'cb')).toBe('2 of 4 paths lose datagrams: all that a sends');
  expect(summary('ab', 'ac!', 'db', 'dc!')).toBe('2 of 4 paths lose datagrams: all to c');
  expect(summary('ab!', 'ba')).toBe('1 of 2 paths loses datagrams: all that a sends');
  expect(summary('ab!', 'ba', 'cd!', 'dc')).toBe(
    '2 of 4 paths lose datagrams: each in one direction, and the other direction works',
  );
  expect(summary('ab!', 'ac!', 'ad', 'cd')).toBe('2 of 4 paths lose datagrams');
  expect(summary('ab', 'ac?')).toBe('the path carries the group; 1 path could not be tested');
  expect(summary('ac?')).toBe('no path could be tested');
});

it('takes groups that nobody uses, and whose MAC nobody uses', () => {
  for (let i = 0; i < 50; i++) {
    expect(contains('239.255.0.0/16', randomGroup(4, undefined).address)).toBe(true);
    expect(randomGroup(6, undefined).address).toMatch(/^ff15::/);
    for (const source of ['10.0.0.1', 'fd00::1'] as const) {
      const group = randomGroup(source.includes(':') ? 6 : 4, source);
      expect(isSourceSpecific(group.address) && group.source === source).toBe(true);
    }
    for (const family of [4, 6] as const) {
      const group = randomGroup(family, undefined);
      const silent = silentGroup(group);
      expect(isMulticast(silent) && silent !== group.address).toBe(true);
      expect(groupMac(silent)).toBe(groupMac(group.address));
    }
  }
  const group = { family: 4, address: '239.255.7.9', port: 20_001 } as const;
  const taken = (groups: string[], shared = false) =>
    isTaken(group, [
      { groups: [], shared: false },
      { groups, shared },
    ]);
  expect([taken([]), taken(['239.255.7.8', '224.0.0.1']), taken(['239.255.7.9'])]).toEqual([false, false, true]);
  expect([taken(['239.127.7.9']), taken(['238.255.7.9'])]).toEqual([true, true]);
  // What another end of the probe joined in the same namespace is no sign of anybody else.
  expect([taken(['239.255.7.9', '239.127.7.9'], true), taken(['238.255.7.9'], true)]).toEqual([false, true]);
});
