import { describe, expect, it } from 'vitest';
import type { HeardSender } from '../../src/agent/traffic.ts';
import { parseGroup } from '../../src/model/group.ts';
import { exceeds, parseLossLimit } from '../../src/probe/limits.ts';
import { type ReceptionWishes, reception } from '../../src/probe/reception.ts';
import { sending } from '../../src/probe/sending.ts';
import { receptionText, sendingText } from '../../src/probe/traffic-text.ts';
import { style } from '../../src/report/style.ts';

const groups = [parseGroup('239.1.2.3:5007'), parseGroup('[ff15::1]:5007')].filter(
  (group) => typeof group !== 'string',
);
const WISHES: ReceptionWishes = { version: '1', groups, atLeast: 1 };
const HEARD: HeardSender = {
  source: '10.0.0.5',
  port: 4000,
  run: 'aa',
  sender: 1,
  received: 11,
  bytes: 1100,
  began: 1_700_000_000_000_000,
  ended: 1_700_000_001_000_000,
  ways: [],
  first: 0,
  highest: 11,
  unique: 11,
  missing: 1,
  duplicates: 0,
  reordered: 2,
};
const opened = ['0', '1'].map((socket) => ({
  type: 'receiving' as const,
  place: 'p',
  socket,
  buffer: 1000,
  interface: 'eth1',
}));

function counts(senders: readonly HeardSender[][], dropped: number | null = 0, badChecksums: number | null = 0) {
  const sockets = senders.map((heard, i) => ({ id: String(i), dropped, truncated: false, senders: heard }));
  return { type: 'counts' as const, place: 'p', last: true, at: 0, boot: null, badChecksums, sockets };
}

describe('a reception', () => {
  it('is well when every group came, with no more loss than allowed', () => {
    const both = counts([[HEARD], [{ ...HEARD, source: 'fd00::5' }]]);
    expect(reception(WISHES, opened, both).ok).toBe(true);
    expect(reception(WISHES, opened, counts([[HEARD], []])).ok).toBe(false);
    expect(reception({ ...WISHES, atLeast: 12 }, opened, both).ok).toBe(false);
    expect(reception({ ...WISHES, maxLoss: { datagrams: 0 } }, opened, both).ok).toBe(false);
    expect(reception({ ...WISHES, maxLoss: { datagrams: 1 } }, opened, both).ok).toBe(true);
    // A sixth of twelve is more than a twelfth.
    expect(reception({ ...WISHES, maxLoss: { share: 1 / 12 } }, opened, both).ok).toBe(true);
    expect(reception({ ...WISHES, maxLoss: { share: 0.08 } }, opened, both).ok).toBe(false);
    expect(reception(WISHES, opened, undefined).ok).toBe(false);
  });

  it('tells rate, addresses, and what this host dropped itself', () => {
    const [first, second] = reception(
      WISHES,
      opened,
      counts([[HEARD], [{ ...HEARD, source: 'fd00::5' }]], 7, 3),
    ).groups;
    expect(first).toMatchObject({ group: '239.1.2.3:5007', interface: 'eth1', bufferOverflow: 4, received: 11 });
    expect(first?.senders).toMatchObject([{ from: '10.0.0.5:4000', kmcast: true, lost: 1, reordered: 2, rate: 10 }]);
    expect(second?.senders).toMatchObject([{ from: '[fd00::5]:4000' }]);
    expect(reception(WISHES, opened, counts([[], []], null)).groups[0]).not.toHaveProperty('bufferOverflow');
  });

  it('reads well', () => {
    const foreign: HeardSender = { source: '10.0.0.9', port: 1, received: 1, bytes: 20, began: 1, ended: 1, ways: [] };
    const refused = [opened[0]!, { ...opened[1]!, error: 'No such device', code: 'ENODEV' }];
    const text = receptionText(reception(WISHES, refused, counts([[HEARD, foreign]], 7)), style(100, false));
    expect(text.split('\n')).toEqual([
      '239.1.2.3:5007 on eth1',
      'FROM           RECEIVED  LOST  DOUBLE  LATE  RATE   SIZE  TTL',
      '10.0.0.5:4000        11     1       0     2  10/s  100 B  unknown  kmcast',
      '10.0.0.9:1            1     -       -     -         20 B  unknown',
      '7 more reached this host and were dropped: the receive buffer of 1000 bytes was full',
      'ask for more with --buffer; the kernel grants what net.core.rmem_max allows',
      '',
      '[ff15::1]:5007 on eth1',
      'ff15::1: no route leads to the group, so that the kernel cannot choose an interface (ENODEV); name the interface',
    ]);
  });
});

describe('a sending', () => {
  it('is well when the kernel took all', () => {
    const flow = {
      id: 1,
      source: '10.0.0.5',
      port: 4,
      interface: 'eth1',
      tried: 5,
      sent: 5,
      began: 0,
      ended: 0,
      errors: [],
    };
    const sent = (flows: (typeof flow)[]) => ({
      type: 'sent' as const,
      place: 'p',
      last: true,
      at: 0,
      boot: null,
      flows,
    });
    const all = sending('1', 'aa', groups, sent([flow, { ...flow, id: 2, source: 'fd00::5' }]));
    expect(all).toMatchObject({ ok: true, groups: [{ from: '10.0.0.5:4' }, { from: '[fd00::5]:4' }] });
    const part = sending('1', 'aa', groups, sent([flow]));
    expect(part).toMatchObject({ ok: false, groups: [{ sent: 5 }, { sent: 0 }] });
    const errors = [{ code: 'ENETUNREACH', packets: 5, error: 'Network is unreachable' }];
    const none = sending('1', 'aa', groups, {
      ...sent([]),
      flows: [{ id: 1, tried: 5, sent: 0, began: 0, ended: 0, errors }],
    });
    expect(sendingText(none, style(100, false)).split('\n').slice(0, 2)).toEqual([
      '239.1.2.3:5007  0 sent',
      '5 not sent: 239.1.2.3: no route leads there (ENETUNREACH); name the interface, or add a route to the group on it',
    ]);
  });
});

it('limits of loss are datagrams or shares', () => {
  expect(['0', '3', '0.5%', '100%', '101%', '1.5', '-1', '', '5 %'].map(parseLossLimit)).toEqual([
    { datagrams: 0 },
    { datagrams: 3 },
    { share: 0.005 },
    { share: 1 },
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([exceeds({ datagrams: 2 }, 2, 10), exceeds({ datagrams: 2 }, 3, 10)]).toEqual([false, true]);
  expect([exceeds({ share: 0.2 }, 2, 10), exceeds({ share: 0.2 }, 3, 10)]).toEqual([false, true]);
});
