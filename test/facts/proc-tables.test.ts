import { describe, expect, it } from 'vitest';
import { parseFibTrie, parseIfInet6 } from '../../src/facts/proc/addresses.ts';
import { parseLinkStats } from '../../src/facts/proc/link-stats.ts';
import { parseRoutes4, parseRoutes6 } from '../../src/facts/proc/routes.ts';
import { recordedFile, value } from './recorded.ts';

const file = (name: string) => recordedFile(`/proc/net/${name}`);

describe('in place of netlink', () => {
  it('routes of IPv4', () => {
    const found = parseRoutes4(file('route'));
    expect(found).toContainEqual({
      family: 4,
      destination: '0.0.0.0/0',
      table: 254,
      type: 'unicast',
      scope: 'universe',
      metric: 0,
      nextHops: [{ interface: 'eth0', gateway: '10.1.0.1' }],
    });
    expect(found).toContainEqual(
      expect.objectContaining({
        destination: '239.0.0.0/8',
        scope: 'link',
        metric: 5,
        nextHops: [{ interface: 'net1' }],
      }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ destination: '10.7.0.0/16', type: 'blackhole', nextHops: [] }),
    );
  });

  it('routes of IPv6, but for the entry that stands for none', () => {
    const nothing = `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} ffffffff 00000001 00000000 00200200       lo\n`;
    expect(parseRoutes6(nothing)).toEqual([]);
    const found = parseRoutes6(file('ipv6_route'));
    expect(found).toContainEqual(
      expect.objectContaining({ destination: '::/0', nextHops: [{ interface: 'eth0', gateway: 'fe80::1' }] }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({
        destination: 'ff00::/8',
        type: 'multicast',
        table: 255,
        nextHops: [{ interface: 'net1' }],
      }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ destination: '2001:db8::2/128', type: 'local', table: 255 }),
    );
    expect(found).toContainEqual(expect.objectContaining({ destination: '2001:db8:9::/48', source: '2001:db8::/64' }));
  });

  it('addresses, unless their interface cannot be told', () => {
    const routes = parseRoutes4(file('route'));
    expect(parseFibTrie(file('fib_trie'), routes)).toEqual({
      unknown: '/proc does not say on which interface 10.5.0.1 is',
    });
    const rest = file('fib_trie').replaceAll('10.5.0.1\n', '10.1.0.3\n');
    expect(value(parseFibTrie(rest, routes))).toEqual(
      expect.arrayContaining([
        { family: 4, interface: 'eth0', address: '10.1.0.2', prefixLength: 24, scope: 'global' },
        { family: 4, interface: 'net1', address: '10.56.217.11', prefixLength: 24, scope: 'global' },
        { family: 4, interface: 'lo', address: '127.0.0.1', prefixLength: 8, scope: 'host' },
      ]),
    );
    expect(parseIfInet6(file('if_inet6'))).toContainEqual({
      family: 6,
      interface: 'eth0',
      address: '2001:db8::2',
      prefixLength: 64,
      scope: 'global',
    });
  });

  it('counters of interfaces', () => {
    const stats = parseLinkStats(file('dev'));
    expect(stats.get('eth0')?.txPackets).toBeGreaterThan(0);
    const line = 'eth0:1: 1000 11 12 13 14 15 16 17 2000 21 22 23 24 25 26 27\n';
    expect(parseLinkStats(line).get('eth0:1')).toEqual({
      rxPackets: 11,
      rxErrors: 12,
      rxDropped: 13,
      multicast: 17,
      txPackets: 21,
      txErrors: 22,
      txDropped: 23,
    });
  });
});
