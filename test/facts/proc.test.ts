import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFibTrie, parseIfInet6 } from '../../src/facts/proc/addresses.ts';
import { parseCounterPairs, parseSnmp6 } from '../../src/facts/proc/counters.ts';
import { hostOrderAddress, networkOrderAddress } from '../../src/facts/proc/hex.ts';
import { parseLinkGroups } from '../../src/facts/proc/link-groups.ts';
import { parseLinkStats } from '../../src/facts/proc/link-stats.ts';
import { linksFromSys } from '../../src/facts/proc/links.ts';
import { parseIgmp, parseIgmp6 } from '../../src/facts/proc/memberships.ts';
import { parseMulticastCache, parseVifs } from '../../src/facts/proc/multicast-routing.ts';
import { parseRoutes4, parseRoutes6 } from '../../src/facts/proc/routes.ts';
import { parseUdp } from '../../src/facts/proc/sockets.ts';
import { parseSourceFilters } from '../../src/facts/proc/source-filters.ts';
import { canonicalAddress } from '../../src/model/address.ts';
import { recordedFile } from './recorded.ts';

const file = (name: string) => recordedFile(`/proc/net/${name}`);

describe('addresses in hexadecimal', () => {
  it('are in the order of the node or of the network', () => {
    expect(hostOrderAddress('030201EF')).toBe('239.1.2.3');
    expect(networkOrderAddress('e8010101')).toBe('232.1.1.1');
    expect(hostOrderAddress('000015FF000000000000000001000000')).toBe('ff15::1');
    expect(networkOrderAddress('ff150000000000000000000000000001')).toBe('ff15::1');
    expect(hostOrderAddress('030201')).toBeUndefined();
    expect(networkOrderAddress('xyz')).toBeUndefined();
  });

  it('have the text that src/model/address.ts gives the same address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const canonical = canonicalAddress(text);
        const groups = (canonical ?? '').split(':');
        fc.pre(canonical !== undefined && groups.length === 8 && !groups.includes(''));
        expect(networkOrderAddress(groups.map((group) => group.padStart(4, '0')).join(''))).toBe(canonical);
      }),
    );
  });

  it('are shortened as RFC 5952 has it', () => {
    expect(networkOrderAddress('20010db8000000000001000000000001')).toBe('2001:db8::1:0:0:1');
    expect(networkOrderAddress('20010db8000000010001000100010001')).toBe('2001:db8:0:1:1:1:1:1');
    expect(networkOrderAddress('00000000000000000000000000000000')).toBe('::');
  });
});

describe('memberships', () => {
  it('of IGMP', () => {
    const found = parseIgmp(file('igmp'));
    expect(found).toContainEqual({ family: 4, interface: 'net1', group: '239.1.2.3', users: 1, querierVersion: 'V3' });
    expect(found).toContainEqual({ family: 4, interface: 'net1', group: '232.1.1.1', users: 1, querierVersion: 'V3' });
    expect(found.filter((one) => one.group === '224.0.0.1').map((one) => one.interface)).toContain('lo');
  });

  it('of IGMP on long names, names with a colon, and older queriers', () => {
    const text =
      '7\teth0:1     :     1      V2\n\t\t\t\t030201EF     2 1:00000012\t\t1\n8\tabcdefghijklmno:     1      V1\n\t\t\t\t010000E0     1 0:00000000\t\t0\n';
    expect(parseIgmp(text)).toEqual([
      { family: 4, interface: 'eth0:1', group: '239.1.2.3', users: 2, querierVersion: 'V2' },
      { family: 4, interface: 'abcdefghijklmno', group: '224.0.0.1', users: 1, querierVersion: 'V1' },
    ]);
  });

  it('of MLD', () => {
    expect(parseIgmp6(file('igmp6'))).toContainEqual({ family: 6, interface: 'net1', group: 'ff15::1', users: 1 });
  });

  it('with sources, under the whole name of their interface', () => {
    const names = new Map([[6, 'net1-long-name']]);
    expect(
      parseSourceFilters('Idx Device  MCA SRC INC EXC\n  6 net1-l 0xe8010101 0x0a010005      1      0\n', 4, names),
    ).toEqual([
      { family: 4, interface: 'net1-long-name', group: '232.1.1.1', source: '10.1.0.5', include: 1, exclude: 0 },
    ]);
    expect(parseSourceFilters(file('mcfilter'), 4, new Map())).toContainEqual({
      family: 4,
      interface: 'net1',
      group: '239.1.2.4',
      source: '10.1.0.6',
      include: 0,
      exclude: 1,
    });
    expect(parseSourceFilters(file('mcfilter6'), 6, new Map())).toEqual([
      { family: 6, interface: 'net1', group: 'ff35::1', source: '2001:db8::77', include: 1, exclude: 0 },
    ]);
  });

  it('of the link layer, those made by hand apart', () => {
    const found = parseLinkGroups(file('dev_mcast'));
    expect(found).toContainEqual({ interface: 'eth0', mac: '01:00:5e:01:02:09', users: 1, globalUsers: 1 });
    expect(found).toContainEqual({ interface: 'net1', mac: '01:00:5e:01:02:03', users: 2, globalUsers: 0 });
  });
});

describe('sockets', () => {
  it('of IPv4, with what waits and what was dropped', () => {
    const found = parseUdp(file('udp'), 4);
    expect(found).toContainEqual(
      expect.objectContaining({ localAddress: '239.1.2.3', localPort: 5007, remoteAddress: '0.0.0.0', drops: 0 }),
    );
    const full = found.find((socket) => socket.localPort === 5011);
    expect(full).toMatchObject({ localAddress: '127.0.0.1', uid: 0, drops: 19 });
    expect(full?.receiveQueue).toBeGreaterThan(1000);
    expect(full?.inode).toBeGreaterThan(0);
  });

  it('of IPv6', () => {
    expect(parseUdp(file('udp6'), 6)).toContainEqual(
      expect.objectContaining({ family: 6, localAddress: 'ff15::1', localPort: 5009 }),
    );
  });
});

describe('counters', () => {
  it('have their group before a dot', () => {
    expect(parseCounterPairs(file('snmp'))).toMatchObject({
      'Udp.RcvbufErrors': 19,
      'Ip.DefaultTTL': 64,
      'Tcp.MaxConn': -1,
    });
    const netstat = parseCounterPairs(file('netstat'));
    expect(netstat['TcpExt.IPReversePathFilter']).toBe(0);
    expect(netstat['IpExt.OutMcastPkts']).toBeGreaterThan(0);
    expect(parseSnmp6(file('snmp6'))['Ip6.Ip6OutMcastPkts']).toBeGreaterThan(0);
  });

  it('may stand alone or be shorter than their header', () => {
    expect(parseCounterPairs('Ip: A B\nIp: 1\nUdp: 5 6\nTcp: X\n')).toEqual({ 'Ip.A': 1 });
  });
});

it('multicast routing, entries without a route among it', () => {
  expect(parseVifs(file('ip_mr_vif'), 4)).toEqual([
    { family: 4, index: 0, interface: 'eth0', packetsIn: 0, packetsOut: 0 },
    { family: 4, index: 1, interface: 'net1', packetsIn: 0, packetsOut: 0 },
  ]);
  expect(parseVifs(' 0 eth1          1111      11      2222      22 00000 0100000A 00000000\n', 4)).toMatchObject([
    { packetsIn: 11, packetsOut: 22 },
  ]);
  expect(parseMulticastCache(file('ip_mr_cache'), 4)).toEqual([
    expect.objectContaining({ group: '239.5.5.5', origin: '10.1.0.5', input: 0, outputs: [{ vif: 1, ttl: 1 }] }),
    expect.objectContaining({ group: '239.7.7.7', origin: '10.1.0.2', input: -1, outputs: [] }),
  ]);
  expect(parseMulticastCache('030201EF 0500000A 65535        7     900        2  1:1    2:64\n', 4)).toEqual([
    {
      family: 4,
      group: '239.1.2.3',
      origin: '10.0.0.5',
      input: -1,
      packets: 7,
      bytes: 900,
      wrong: 2,
      outputs: [
        { vif: 1, ttl: 1 },
        { vif: 2, ttl: 64 },
      ],
    },
  ]);
  expect(parseMulticastCache(file('ip6_mr_cache'), 6)).toMatchObject([
    { family: 6, group: 'ff15::5', origin: '2001:db8::77' },
  ]);
});

it('no parser throws on odd text', () => {
  const real = fc.constantFrom(
    'igmp',
    'igmp6',
    'mcfilter',
    'udp',
    'udp6',
    'snmp',
    'snmp6',
    'ip_mr_cache',
    'route',
    'ipv6_route',
    'fib_trie',
    'dev',
  );
  const changed = fc.tuple(real, fc.nat(), fc.nat(), fc.string()).map(([name, at, length, text]) => {
    const whole = file(name);
    const from = at % whole.length;
    return whole.slice(0, from) + text + whole.slice(from + (length % 200));
  });
  fc.assert(
    fc.property(fc.oneof(changed, fc.string()), (text) => {
      for (const parse of [
        parseIgmp,
        parseIgmp6,
        parseLinkGroups,
        parseCounterPairs,
        parseSnmp6,
        parseRoutes4,
        parseRoutes6,
      ])
        parse(text);
      for (const parse of [parseUdp, parseVifs, parseMulticastCache]) parse(text, 6);
      parseSourceFilters(text, 4, new Map());
      parseFibTrie(text, parseRoutes4(text));
      parseIfInet6(text);
      parseLinkStats(text);
      linksFromSys(
        new Map([
          ['/sys/class/net/eth0/ifindex', '2'],
          ['/sys/class/net/eth0/flags', text],
        ]),
      );
    }),
  );
});
