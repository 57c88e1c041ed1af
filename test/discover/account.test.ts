import { describe, expect, it } from 'vitest';
import { INBOUND, OUTBOUND, UNKNOWN } from '../../src/capture/capture-record.ts';
import { ETHERNET } from '../../src/capture/decode/link-types.ts';
import { Account } from '../../src/discover/account.ts';
import { be16, be32, bytes, ethernet, igmp, ipv4, record, udp } from '../capture/build.ts';

const NAMES = ['eth0', 'eth1'];
const OWN = '02:00:00:00:00:01';
const OTHER = '02:00:00:00:00:02';

function account(prefix?: string): Account {
  const queries = prefix === undefined ? [] : [{ family: 4 as const, prefix }];
  return new Account(queries, { nameOf: (index) => NAMES[index] ?? '', ownMacs: [OWN], limit: 32 });
}

function count(to: Account, ip: Uint8Array, { mac = OTHER, direction = UNKNOWN, iface = 1, time = 100 } = {}): boolean {
  const data = ethernet('01:00:5e:01:02:03', mac, [], 0x0800, ip);
  return to.count({
    bytes: data,
    start: 0,
    end: data.length,
    wireLength: data.length,
    linkType: ETHERNET,
    interface: iface,
    direction,
    seconds: time,
    nanoseconds: 0,
  });
}

function datagram(source: string, group = '239.1.2.3'): Uint8Array {
  const ends = { source, destination: group };
  return ipv4(ends, 17, udp(ends, 4000, 5007, new Uint8Array(10)));
}

function query(source: string): Uint8Array {
  // Maximum response time 10 s, group 0; robustness 2, interval 20 s, no sources.
  return ipv4({ source, destination: '224.0.0.1' }, 2, igmp(0x11, 100, bytes(be32(0), 2, 20, be16(0))));
}

function report(source: string, ...records: Uint8Array[]): Uint8Array {
  return ipv4(
    { source, destination: '224.0.0.22' },
    2,
    igmp(0x22, 0, bytes(be16(0), be16(records.length), ...records)),
  );
}

describe('an account', () => {
  it('tells what comes in from what goes out, by the capture or by the own address', () => {
    const seen = account();
    count(seen, datagram('10.0.0.1'), { direction: INBOUND });
    count(seen, datagram('10.0.0.2'), { direction: OUTBOUND });
    count(seen, datagram('10.0.0.3'), { mac: OWN });
    count(seen, datagram('10.0.0.4'));
    const out = seen.report().sources.map(({ source, out: isOut = false }) => [source, isOut]);
    expect(Object.fromEntries(out)).toEqual({
      '10.0.0.1': false,
      '10.0.0.2': true,
      '10.0.0.3': true,
      '10.0.0.4': false,
    });
  });

  it('counts only what is asked for, and membership in any case', () => {
    const seen = account('239.1.2.3/32');
    expect(count(seen, datagram('10.0.0.1'))).toBe(true);
    expect(count(seen, datagram('10.0.0.1', '239.1.2.4'))).toBe(false);
    expect(count(seen, query('10.0.0.254'))).toBe(true);
    expect(seen.report()).toMatchObject({ rows: 1, packets: 3, sources: [{ packets: 1, interface: 'eth1' }] });
    expect(seen.report().membership.queriers).toHaveLength(1);
  });

  it('gives each new source once, and stays within its bounds under a flood of them', () => {
    const seen = account();
    count(seen, datagram('10.0.0.1'));
    count(seen, datagram('10.0.0.1'));
    expect(seen.takeFresh().map(({ source }) => source)).toEqual(['10.0.0.1']);
    expect(seen.takeFresh()).toEqual([]);
    for (let i = 0; i < 5000; i++) count(seen, datagram(`10.1.${i >> 8}.${i & 255}`));
    expect(seen.takeFresh().length).toBeLessThanOrEqual(256);
    const { rows, overflow, sources } = seen.report();
    expect(rows).toBe(32);
    expect(sources.reduce((sum, { packets }) => sum + packets, 0) + overflow.packets).toBe(5002);
    expect(seen.report(5).sources).toHaveLength(5);
  });
});

describe('memberships', () => {
  it('name the querier, its version and its interval: announced first, then observed', () => {
    const seen = account();
    const querier = () => seen.report().membership.queriers[0];
    count(seen, query('10.0.0.254'), { time: 100 });
    expect(querier()).toMatchObject({
      interface: 'eth1',
      address: '10.0.0.254',
      version: 'igmpv3',
      interval: { seconds: 20, known: 'announced' },
    });
    count(seen, query('10.0.0.254'), { time: 105 });
    count(seen, query('10.0.0.254'), { time: 125 });
    count(seen, query('10.0.0.254'), { time: 130 });
    expect(querier()).toMatchObject({ queries: 4, interval: { seconds: 20, known: 'observed' }, last: 130 });
  });

  it('keep the last word of each host on a group', () => {
    const seen = account();
    const members = () =>
      seen
        .report()
        .membership.members.map(({ group, sources, excludes, left }) => ({ group, sources, excludes, left }));
    count(seen, report('10.0.0.7', record(4, '239.1.2.3', []), record(3, '232.1.1.1', ['10.0.0.5'])));
    expect(members()).toEqual([
      { group: '239.1.2.3', sources: [], excludes: true, left: undefined },
      { group: '232.1.1.1', sources: ['10.0.0.5'], excludes: false, left: undefined },
    ]);
    count(seen, report('10.0.0.7', record(3, '239.1.2.3', [])));
    expect(members()[0]).toMatchObject({ group: '239.1.2.3', left: true });
    count(seen, ipv4({ source: '10.0.0.8', destination: '239.1.2.3' }, 2, igmp(0x16, 0, bytes(239, 1, 2, 3))));
    count(seen, ipv4({ source: '10.0.0.8', destination: '224.0.0.2' }, 2, igmp(0x17, 0, bytes(239, 1, 2, 3))));
    expect(members()).toHaveLength(3);
    expect(members()[2]).toMatchObject({ group: '239.1.2.3', left: true });
  });

  it('are bounded', () => {
    const seen = account();
    for (let i = 0; i < 6000; i++)
      count(seen, report(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, record(4, '239.1.2.3', [])));
    for (let i = 0; i < 200; i++) count(seen, query(`10.0.1.${i}`));
    const { members, queriers, overflow } = seen.report().membership;
    expect([members.length, queriers.length]).toEqual([4096, 64]);
    expect(overflow).toBe(6000 - 4096 + 200 - 64);
  });
});
