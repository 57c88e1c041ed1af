import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseNadConfig, parseNetworks, parseStatus } from '../../src/model/nad.ts';

test('the short form of the annotation: names, namespaces, interfaces by position', () => {
  expect(parseNetworks(' mcast, infra/lan@eth7 ,other', 'video')).toEqual([
    { namespace: 'video', name: 'mcast', interface: 'net1' },
    { namespace: 'infra', name: 'lan', interface: 'eth7' },
    { namespace: 'video', name: 'other', interface: 'net3' },
  ]);
  expect(parseNetworks('  ', 'video')).toEqual([]);
});

test('the long form: what is asked for, else the same defaults', () => {
  const list = [
    { name: 'mcast', ips: ['10.50.0.7/24', 5], mac: '02:00:00:00:00:01' },
    { name: 'lan', namespace: 'infra', interface: 'media0' },
  ];
  expect(parseNetworks(JSON.stringify(list), 'video')).toEqual([
    { namespace: 'video', name: 'mcast', interface: 'net1', ips: ['10.50.0.7/24'], mac: '02:00:00:00:00:01' },
    { namespace: 'infra', name: 'lan', interface: 'media0' },
  ]);
});

test('an annotation that is neither says what is wrong', () => {
  expect(parseNetworks('[{"name": "mcast"}', 'video')).toContain('invalid JSON');
});

test('network-status: what is not a list of objects is left out', () => {
  const text = JSON.stringify([
    { name: 'cbr0', interface: 'eth0', ips: ['10.244.1.7'], mac: 'AA:00:00:00:00:02', default: true },
    { name: 'video/mcast', ips: 'none' },
    'odd',
    null,
  ]);
  expect(parseStatus(text)).toEqual([
    { name: 'cbr0', interface: 'eth0', ips: ['10.244.1.7'], mac: 'aa:00:00:00:00:02', default: true },
    { name: 'video/mcast', ips: [], default: false },
  ]);
  expect(parseStatus('{}')).toEqual([]);
  expect(parseStatus('[')).toEqual([]);
});

function read(config: object) {
  const parsed = parseNadConfig(JSON.stringify(config));
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

test('a single configuration', () => {
  const json = {
    type: 'macvlan',
    master: 'eth1',
    mode: 'bridge',
    routes: [{ dst: '239.1.2.3/32' }],
    ipam: {
      type: 'host-local',
      subnet: '10.50.0.0/24',
      gateway: '10.50.0.1',
      routes: [{ dst: '239.9.9.9', gw: '10.50.0.1' }],
    },
  };
  expect(read(json)).toEqual({
    json,
    type: 'macvlan',
    master: 'eth1',
    mode: 'bridge',
    ipamType: 'host-local',
    subnets: ['10.50.0.0/24'],
    gateway: '10.50.0.1',
    routes: [{ dst: '239.9.9.9', gw: '10.50.0.1' }],
    misplacedRoutes: [{ dst: '239.1.2.3/32' }],
    chain: ['macvlan'],
  });
});

test('a list: the first plugin makes the interface; routes beside the list and beside ipam are both misplaced', () => {
  const config = read({
    routes: [{ dst: '239.1.0.0/16' }],
    plugins: [{ type: 'ipvlan', mode: 'l2', routes: [{ dst: '239.2.0.0/16' }] }, { type: 'tuning' }],
  });
  expect(config.chain).toEqual(['ipvlan', 'tuning']);
  expect(config.misplacedRoutes.map((r) => r.dst)).toEqual(['239.1.0.0/16', '239.2.0.0/16']);
  expect(config.routes).toEqual([]);
});

test.each<[string, object, string[], string | undefined]>([
  ['static', { addresses: [{ address: '10.50.0.7/24', gateway: '10.50.0.1' }] }, ['10.50.0.7/24'], '10.50.0.1'],
  [
    'host-local',
    { ranges: [[{ subnet: '10.50.0.0/24', gateway: '10.50.0.254' }], [{ subnet: 'fd00::/64' }]] },
    ['10.50.0.0/24', 'fd00::/64'],
    '10.50.0.254',
  ],
  [
    'whereabouts',
    { range: '10.50.0.100-10.50.0.200/24', ipRanges: [{ range: 'fd00::/64' }] },
    ['10.50.0.200/24', 'fd00::/64'],
    undefined,
  ],
  ['dhcp', {}, [], undefined],
])('subnets and gateway of %s', (type, ipam, subnets, gateway) => {
  const config = read({ type: 'macvlan', ipam: { type, ...ipam } });
  expect(config.ipamType).toBe(type);
  expect(config.subnets).toEqual(subnets);
  expect(config.gateway).toBe(gateway);
});

test.each([
  ['{', 'invalid JSON'],
  ['[]', 'not a JSON object'],
  ['null', 'not a JSON object'],
  ['{"plugins": [1]}', 'list of plugins is empty'],
  ['{"type": ""}', 'no plugin type'],
])('%s is refused with the reason', (text, reason) => expect(parseNadConfig(text)).toContain(reason));

test('any JSON is read or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      parseNadConfig(text);
      parseNadConfig(JSON.stringify({ type: 'macvlan', ipam: JSON.parse(text), routes: JSON.parse(text) }));
      parseNetworks(text, 'video');
      parseStatus(text);
    }),
  );
});
