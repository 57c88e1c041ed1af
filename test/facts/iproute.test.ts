import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressesFromIp } from '../../src/facts/iproute/addresses.ts';
import { objectsOf } from '../../src/facts/iproute/json.ts';
import { linksFromIp } from '../../src/facts/iproute/links.ts';
import { mdbFromBridge } from '../../src/facts/iproute/mdb.ts';
import { neighboursFromIp } from '../../src/facts/iproute/neighbours.ts';
import { routesFromIp } from '../../src/facts/iproute/routes.ts';
import { rulesFromIp } from '../../src/facts/iproute/rules.ts';

describe('what ip -j prints', () => {
  it('may be nothing, and may be no JSON', () => {
    expect(objectsOf('')).toEqual([]);
    expect(objectsOf('[ ]\n')).toEqual([]);
    expect(objectsOf('[{"dst":"default"},3,null]')).toEqual([{ dst: 'default' }]);
    expect(objectsOf('ip: invalid option -- j')).toBeUndefined();
    expect(objectsOf('{}')).toBeUndefined();
  });

  it('names tables, types, scopes and protocols where it does not number them', () => {
    const named = { type: 'local', dst: '10.0.0.1', dev: 'eth0', table: 'local', protocol: 'kernel', scope: 'host' };
    const numbered = { ...named, type: '2', table: '255', protocol: '2', scope: '254' };
    const [first] = routesFromIp([named], 4);
    expect(first).toMatchObject({
      type: 'local',
      destination: '10.0.0.1/32',
      table: 255,
      protocol: 'kernel',
      scope: 'host',
    });
    expect(routesFromIp([numbered], 4)).toEqual([first]);
    expect(routesFromIp([{ dst: 'default', dev: 'eth0', scope: 'global', flags: [] }], 6)).toMatchObject([
      { destination: '::/0', table: 254, type: 'unicast', scope: 'universe', metric: 0 },
    ]);
  });

  it('leaves out what is in a table of unknown number', () => {
    expect(routesFromIp([{ dst: 'default', dev: 'eth0', table: 'video' }], 4)).toEqual([]);
    expect(rulesFromIp([{ priority: 9, src: 'all', table: 'video' }], 4)).toEqual([]);
  });

  it('keeps of a next hop only the flags that the model names', () => {
    const [route] = routesFromIp([{ dst: '10.0.0.0/8', dev: 'eth0', flags: ['offload', 'linkdown', 'dead'] }], 4);
    expect(route?.nextHops).toEqual([{ interface: 'eth0', flags: ['dead', 'linkdown'] }]);
  });

  it('gives rules of older and newer versions', () => {
    expect(
      rulesFromIp([{ priority: 5, src: '10.0.0.1', ipproto: 'udp', dport: 7, table: 'main', fwmark: '0x2' }], 4),
    ).toEqual([
      {
        family: 4,
        priority: 5,
        source: '10.0.0.1/32',
        protocol: 17,
        destinationPorts: [7, 7],
        mark: 2,
        action: 'lookup',
        table: 254,
      },
    ]);
    expect(rulesFromIp([{ priority: 6, src: 'all', action: 'unreachable' }], 6)).toEqual([
      { family: 6, priority: 6, action: 'unreachable' },
    ]);
    expect(rulesFromIp([{ priority: 7, src: 'all', l3mdev: null }], 4)).toEqual([
      { family: 4, priority: 7, action: 'lookup' },
    ]);
  });

  it('shows VLANs, ipvlans and tunnels', () => {
    const vlan = {
      ifindex: 5,
      ifname: 'eth0.100',
      link: 'eth0',
      mtu: 1500,
      flags: ['UP'],
      operstate: 'UP',
      address: '02:00:00:00:00:01',
    };
    expect(
      linksFromIp([
        { ifindex: 2, ifname: 'eth0', flags: ['UP'] },
        { ...vlan, linkinfo: { info_kind: 'vlan', info_data: { protocol: '802.1Q', id: 100 } } },
        { ifindex: 6, ifname: 'iv0', link: 'if9', linkinfo: { info_kind: 'ipvlan', info_data: { mode: 'l3s' } } },
        { ifindex: 7, ifname: 'tun1', link: null, address: '10.1.0.2', linkinfo: { info_kind: 'ipip' } },
      ]),
    ).toMatchObject([
      {},
      { kind: 'vlan', vlanId: 100, parent: 'eth0', parentIndex: 2, mac: '02:00:00:00:00:01' },
      { kind: 'ipvlan', mode: 'l3s', parentIndex: 9 },
      expect.not.objectContaining({ mac: expect.anything() }),
    ]);
  });
});

it('never throws on JSON of any shape', () => {
  const members = [
    'ifname',
    'ifindex',
    'dst',
    'dev',
    'flags',
    'linkinfo',
    'addr_info',
    'mdb',
    'nexthops',
    'table',
    'priority',
    'stats64',
  ];
  const object = fc.dictionary(fc.constantFrom(...members), fc.jsonValue());
  fc.assert(
    fc.property(fc.array(object), (list) => {
      const objects = objectsOf(JSON.stringify(list)) ?? [];
      for (const parse of [linksFromIp, addressesFromIp, neighboursFromIp, mdbFromBridge]) parse(objects);
      routesFromIp(objects, 4);
      rulesFromIp(objects, 6);
    }),
  );
});
