import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namespaceFacts } from '../../src/facts/namespace.ts';
import { addressesFromNetlink } from '../../src/facts/netlink/addresses.ts';
import { linkInfo } from '../../src/facts/netlink/link-info.ts';
import { linksFromNetlink } from '../../src/facts/netlink/links.ts';
import { mdbFromNetlink } from '../../src/facts/netlink/mdb.ts';
import { neighboursFromNetlink } from '../../src/facts/netlink/neighbours.ts';
import { attributeList, readDump } from '../../src/facts/netlink/reader.ts';
import { routesFromNetlink } from '../../src/facts/netlink/routes.ts';
import { rulesFromNetlink } from '../../src/facts/netlink/rules.ts';
import { noFirewall, recorded, sorted, value, without } from './recorded.ts';

const withNetlink = namespaceFacts(recorded, 'before', noFirewall);
const withIproute = namespaceFacts(without(recorded, ['netlink'], 'no netlink'), 'before', noFirewall);

describe('netlink dumps of a real namespace', () => {
  it.each(['links', 'addresses', 'routes', 'rules', 'neighbours', 'mdb'] as const)(
    'say of %s what ip -j says',
    (table) => {
      expect(value<readonly unknown[]>(withNetlink[table]).length).toBeGreaterThan(2);
      expect(sorted(value<readonly unknown[]>(withNetlink[table]))).toEqual(
        sorted(value<readonly unknown[]>(withIproute[table])),
      );
    },
  );

  const link = (name: string) => value(withNetlink.links).find((one) => one.name === name);
  const route = (destination: string) => value(withNetlink.routes).filter((one) => one.destination === destination);
  const rule = (priority: number) => value(withNetlink.rules).find((one) => one.priority === priority);

  it('give macvlan, bridge and veth their options', () => {
    expect(link('net1')).toMatchObject({
      kind: 'macvlan',
      mode: 'bridge',
      bcQueueLength: 5000,
      parent: 'eth0',
      flags: ['BROADCAST', 'MULTICAST', 'ALLMULTI', 'UP', 'LOWER_UP'],
    });
    expect(link('mv-private')).toMatchObject({ mode: 'private', bcQueueLength: 1000, parent: 'vb' });
    expect(link('br0')?.bridge).toEqual({
      snooping: true,
      querier: true,
      queryUseIfaddr: false,
      igmpVersion: 3,
      vlanFiltering: false,
      groupFwdMask: 0x4000,
    });
    expect(link('va')?.masterIndex).toBe(link('br0')?.index);
    expect(link('va')?.port).toEqual({ state: 'forwarding', multicastFlood: true, isolated: false });
    expect(link('net1')).not.toHaveProperty('port');
    expect(link('eth0')).toMatchObject({ kind: 'veth', parentNetns: 0, operstate: 'up' });
    expect(link('eth0')).not.toHaveProperty('parent');
    expect(link('eth0')?.stats?.txPackets).toBeGreaterThan(0);
    expect(link('lo')).not.toHaveProperty('kind');
  });

  it('tell that a parent is down and that there is no carrier', () => {
    expect(link('mv-orphan')?.flags).toContain('M-DOWN');
    expect(link('net1')?.flags).not.toContain('M-DOWN');
    expect(link('vc')).toMatchObject({ operstate: 'lowerlayerdown', flags: expect.arrayContaining(['NO-CARRIER']) });
  });

  it('give routes of all tables, several ways out and a gateway of the other family', () => {
    expect(route('10.9.0.0/16')[0]).toMatchObject({
      table: 100,
      nextHops: [
        { interface: 'eth0', gateway: '10.1.0.3', weight: 2 },
        { interface: 'eth0', gateway: '10.1.0.4', weight: 3, flags: ['onlink'] },
      ],
    });
    expect(route('10.8.0.0/16')[0]?.nextHops).toEqual([{ interface: 'eth0', gateway: 'fe80::1' }]);
    expect(route('239.0.0.0/8')).toEqual([
      {
        family: 4,
        destination: '239.0.0.0/8',
        table: 254,
        type: 'unicast',
        scope: 'link',
        protocol: 'boot',
        metric: 5,
        preferredSource: '10.56.217.11',
        tos: 16,
        nextHops: [{ interface: 'net1' }],
      },
    ]);
    expect(route('10.7.0.0/16')[0]).toMatchObject({ type: 'blackhole', nextHops: [] });
    expect(route('::/0')[0]).toMatchObject({ preference: 1, metric: 1024, nextHops: [{ gateway: 'fe80::1' }] });
    expect(route('2001:db8:9::/48')[0]?.source).toBe('2001:db8::/64');
  });

  it('give rules with all their conditions', () => {
    expect(rule(102)).toEqual({
      family: 4,
      priority: 102,
      source: '10.2.0.0/16',
      outputInterface: 'net1',
      invert: true,
      protocol: 17,
      sourcePorts: [7, 7],
      destinationPorts: [5000, 5010],
      uids: [0, 10],
      action: 'lookup',
      table: 1000,
    });
    expect(rule(101)).toMatchObject({ mark: 1, markMask: 0xff, tos: 16 });
    expect(rule(103)).toMatchObject({ action: 'goto', target: 32766 });
    expect(rule(104)).toEqual({ family: 4, priority: 104, mark: 2, action: 'nop' });
    expect(rule(106)).toMatchObject({ suppressPrefixLength: 0, suppressInterfaceGroup: 3 });
    expect(rule(200)).toMatchObject({ family: 6, destination: 'ff15::/16', table: 100 });
  });

  it('give the multicast database', () => {
    expect(value(withNetlink.mdb)).toEqual(
      expect.arrayContaining([
        { bridge: 'br0', port: 'va', group: '239.1.1.1', permanent: true },
        { bridge: 'br0', port: 'va', group: '239.1.1.2', source: '10.0.0.9', permanent: false },
        { bridge: 'br0', port: 'va', group: 'ff15::1', permanent: false },
      ]),
    );
  });
});

describe('the reader', () => {
  const header = (length: number, type: number) => {
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setUint32(0, length, true);
    new DataView(bytes.buffer).setUint16(4, type, true);
    return bytes;
  };

  it('gives the errno of a refused dump', () => {
    const refusal = Uint8Array.from([...header(20, 2), ...new Uint8Array(Int32Array.of(-95).buffer)]);
    expect(readDump(refusal)).toEqual({ messages: [], errno: 95 });
  });

  it('stops at a message that claims more than there is', () => {
    expect(readDump(Uint8Array.from([...header(16, 16), ...header(4000, 16)])).messages).toHaveLength(1);
    expect(readDump(header(3, 16)).messages).toEqual([]);
  });

  it('drops the flags of an attribute type, and attributes that claim more than there is', () => {
    expect(attributeList(Uint8Array.of(5, 0, 3, 0x80, 7, 0, 0, 0, 200, 0, 1, 0))).toEqual([
      { type: 3, value: Uint8Array.of(7) },
    ]);
  });

  it('leaves out cached clones of routes', () => {
    const body = (flags: number) =>
      Uint8Array.of(2, 0, 0, 0, 254, 2, 0, 1, ...new Uint8Array(Uint32Array.of(flags).buffer));
    const routes = (flags: number) => routesFromNetlink([{ type: 24, flags: 0, body: body(flags) }], new Map());
    expect(routes(0)).toHaveLength(1);
    expect(routes(0x200)).toHaveLength(0);
  });
});

describe('link options that the recorded kernel cannot make', () => {
  const attribute = (type: number, ...bytes: number[]) => {
    const padding = new Array((4 - (bytes.length % 4)) % 4).fill(0);
    return [bytes.length + 4, 0, type, 0, ...bytes, ...padding];
  };
  const info = (kind: string, ...data: number[]) =>
    linkInfo(Uint8Array.from([...attribute(1, ...Buffer.from(`${kind}\0`)), ...attribute(2, ...data)]));

  it('are read as if_link.h has them', () => {
    expect(info('ipvlan', ...attribute(1, 0, 0))).toEqual({ kind: 'ipvlan', mode: 'l2' });
    expect(info('ipvlan', ...attribute(1, 2, 0))).toEqual({ kind: 'ipvlan', mode: 'l3s' });
    expect(info('ipvlan')).toEqual({ kind: 'ipvlan' });
    expect(info('vlan', ...attribute(1, 0x2c, 0x01))).toEqual({ kind: 'vlan', vlanId: 300 });
    expect(info('macvlan', ...attribute(1, 8, 0, 0, 0))).toEqual({ kind: 'macvlan', mode: 'passthru' });
    expect(info('bridge')).toEqual({ kind: 'bridge', bridge: { snooping: false, querier: false } });
  });
});

describe('odd bytes', () => {
  const names = new Map([[1, 'lo']]);
  const parseAll = (bytes: Uint8Array) => {
    const { messages } = readDump(bytes);
    // Every parser on every message, as if its type were the parser's.
    for (const [type, parse] of [
      [16, linksFromNetlink],
      [20, (list: typeof messages) => addressesFromNetlink(list, names)],
      [24, (list: typeof messages) => routesFromNetlink(list, names)],
      [28, (list: typeof messages) => neighboursFromNetlink(list, names)],
      [32, rulesFromNetlink],
      [86, (list: typeof messages) => mdbFromNetlink(list, names)],
    ] as const) {
      parse(messages.map((message) => ({ ...message, type })));
    }
  };
  const dumps = recorded.flatMap((message) =>
    message.type === 'netlink' ? [Uint8Array.from(Buffer.from(message.data, 'base64'))] : [],
  );

  it('never throw: random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => parseAll(noise)),
      { numRuns: 300 },
    );
  });

  it('never throw: one random message of a type that is read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        const bytes = new Uint8Array(16 + body.length);
        new DataView(bytes.buffer).setUint32(0, bytes.length, true);
        new DataView(bytes.buffer).setUint16(4, 16, true);
        bytes.set(body, 16);
        parseAll(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('never throw: real dumps, cut and changed', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(fc.constantFrom(...dumps), fc.array(change, { maxLength: 20 }), fc.nat(), (dump, changes, cut) => {
        const bytes = dump.slice(0, cut % 2 === 0 ? dump.length : cut % dump.length);
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        parseAll(bytes);
      }),
      { numRuns: 300 },
    );
  });
});
