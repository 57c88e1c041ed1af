import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NadEdit } from '../../src/doctor/fix.ts';
import { isObject, type Json } from '../../src/model/nad.ts';
import { mendConfig, type RouteWants } from '../../src/plan/nad-config.ts';

const GROUP = '239.1.2.3';
const NOTHING: RouteWants = { groups: [], sources: [] };
const WANTS: RouteWants = { groups: [GROUP], sources: [] };
const LINK_SCOPE = { dst: `${GROUP}/32`, gw: '0.0.0.0' };

function macvlan(ipam: object, more: object = {}): Json {
  return { cniVersion: '0.3.1', name: 'mcast', type: 'macvlan', master: 'eth1', ...more, ipam };
}

/** Routes of the plugin that makes the interface. */
function routesOf(config: Json): unknown {
  const main = Array.isArray(config.plugins) ? config.plugins.find(isObject) : config;
  return isObject(main) && isObject(main.ipam) ? main.ipam.routes : undefined;
}

test.each<[string, object]>([
  ['host-local, subnet', { type: 'host-local', subnet: '10.50.0.0/24' }],
  ['host-local, ranges', { type: 'host-local', ranges: [[{ subnet: '10.50.0.0/24', gateway: '10.50.0.1' }]] }],
  ['static', { type: 'static', addresses: [{ address: '10.50.0.7/24', gateway: '10.50.0.1' }] }],
  ['whereabouts', { type: 'whereabouts', range: '10.50.0.0/24' }],
  ['dhcp', { type: 'dhcp' }],
])('%s gets the group’s route with link scope, and keeps its fields', (_, ipam) => {
  const config = macvlan(ipam);
  expect(mendConfig(config, [], WANTS)).toEqual(macvlan({ ...ipam, routes: [LINK_SCOPE] }));
  const list = { cniVersion: '1.0.0', name: 'mcast', plugins: [{ type: 'macvlan', ipam }, { type: 'tuning' }] };
  expect(mendConfig(list, [], WANTS)).toEqual({
    ...list,
    plugins: [{ type: 'macvlan', ipam: { ...ipam, routes: [LINK_SCOPE] } }, { type: 'tuning' }],
  });
});

test('nothing to change: the same text, without an empty ipam', () => {
  for (const config of [
    macvlan({ type: 'static', addresses: [], routes: [LINK_SCOPE] }),
    { name: 'l2', type: 'macvlan', master: 'eth1' },
    {
      name: 'l2',
      cniVersion: '1.0.0',
      plugins: [{ type: 'macvlan', master: 'eth1' }, { type: 'sbr' }],
      disableCheck: true,
    },
  ])
    expect(JSON.stringify(mendConfig(config, [], NOTHING))).toBe(JSON.stringify(config));
});

test('a bare address becomes a prefix, a route by the gateway one of link scope', () => {
  const config = macvlan({ type: 'host-local', routes: [{ dst: GROUP }, { dst: '239.9.0.0/16', gw: '10.50.0.1' }] });
  expect(routesOf(mendConfig(config, [], NOTHING))).toEqual([LINK_SCOPE, { dst: '239.9.0.0/16', gw: '0.0.0.0' }]);
});

test('routes beside ipam, and beside the list, move into it; twins stand once', () => {
  const single = macvlan(
    { type: 'host-local', routes: [LINK_SCOPE] },
    { routes: [{ dst: GROUP }, { dst: '10.9.0.0/16' }] },
  );
  const mended = mendConfig(single, [], NOTHING);
  expect(mended.routes).toBeUndefined();
  expect(routesOf(mended)).toEqual([LINK_SCOPE, { dst: '10.9.0.0/16' }]);
  const list = {
    name: 'x',
    routes: [{ dst: '239.2.0.0/16' }],
    plugins: [{ type: 'macvlan', routes: [{ dst: GROUP }] }],
  };
  const mendedList = mendConfig(list, [], NOTHING);
  expect(mendedList.routes).toBeUndefined();
  expect(routesOf(mendedList)).toEqual([{ dst: '239.2.0.0/16', gw: '0.0.0.0' }, LINK_SCOPE]);
});

test('a default route beside ipam did nothing, and must not begin to', () => {
  const config = macvlan({ type: 'dhcp' }, { routes: [{ dst: '0.0.0.0/0' }, { dst: GROUP }] });
  expect(routesOf(mendConfig(config, [], NOTHING))).toEqual([LINK_SCOPE]);
  expect(routesOf(mendConfig(config, [{ drop: 'route', dst: GROUP }], NOTHING))).toBeUndefined();
});

test('routes of one destination in two tables stay two', () => {
  const routes = [{ dst: '10.9.0.0/16' }, { dst: '10.9.0.0/16', table: 7 }];
  expect(routesOf(mendConfig(macvlan({ routes }), [], NOTHING))).toEqual(routes);
});

test('a broader route of groups serves the group; a default route does not', () => {
  const broad = [{ dst: '224.0.0.0/4', gw: '0.0.0.0' }];
  expect(routesOf(mendConfig(macvlan({ routes: broad }), [], WANTS))).toEqual(broad);
  expect(routesOf(mendConfig(macvlan({ routes: [{ dst: '0.0.0.0/0' }] }), [], WANTS))).toEqual([
    { dst: '0.0.0.0/0' },
    LINK_SCOPE,
  ]);
});

test('a source gets a route of its own, unless one leads there: that keeps its gateway', () => {
  const wants = { groups: [], sources: ['10.9.9.9'] };
  expect(routesOf(mendConfig(macvlan({}), [], wants))).toEqual([{ dst: '10.9.9.9/32', gw: '0.0.0.0' }]);
  for (const route of [{ dst: '10.9.0.0/16', gw: '10.50.0.254' }, { dst: '10.9.0.0/16' }])
    expect(routesOf(mendConfig(macvlan({ type: 'host-local', routes: [route] }), [], wants))).toEqual([route]);
});

test('IPv6: no route of an attachment is asked, and none is changed', () => {
  const routes = [{ dst: 'ff15::/16', gw: 'fd00::1' }, { dst: '2001:db8::5' }];
  const wants = { groups: ['ff15::1'], sources: ['2001:db8::5'] };
  expect(routesOf(mendConfig(macvlan({ routes }), [], wants))).toEqual([routes[0], { dst: '2001:db8::5/128' }]);
});

test('edits of the interface keep the order of fields', () => {
  const edits: NadEdit[] = [
    { set: 'master', value: 'eth2' },
    { set: 'mode', value: 'bridge' },
    { set: 'bcqueuelen', value: 5000 },
  ];
  const mended = mendConfig(macvlan({ type: 'dhcp' }, { mode: 'private', mtu: 1400 }), edits, NOTHING);
  expect(JSON.stringify(mended)).toBe(
    '{"cniVersion":"0.3.1","name":"mcast","type":"macvlan","master":"eth2","mode":"bridge","mtu":1400,"ipam":{"type":"dhcp"},"bcqueuelen":5000}',
  );
});

test('a sysctl makes a chain of a single configuration, and joins a tuning plugin that is there', () => {
  const edits: NadEdit[] = [{ set: 'sysctl', name: 'net.ipv4.conf.IFNAME.rp_filter', value: '2' }];
  expect(mendConfig(macvlan({ type: 'dhcp' }), edits, NOTHING)).toEqual({
    cniVersion: '0.3.1',
    name: 'mcast',
    plugins: [
      { type: 'macvlan', master: 'eth1', ipam: { type: 'dhcp' } },
      { type: 'tuning', sysctl: { 'net.ipv4.conf.IFNAME.rp_filter': '2' } },
    ],
  });
  const list = {
    name: 'x',
    plugins: [{ type: 'macvlan' }, { type: 'tuning', mtu: 1400, sysctl: { a: '1' } }, { type: 'sbr' }],
  };
  expect(mendConfig(list, edits, NOTHING).plugins).toEqual([
    { type: 'macvlan' },
    { type: 'tuning', mtu: 1400, sysctl: { a: '1', 'net.ipv4.conf.IFNAME.rp_filter': '2' } },
    { type: 'sbr' },
  ]);
});

test('a dropped route goes, by its own text', () => {
  const routes = [{ dst: '0.0.0.0/0' }, { dst: '10.9.0.0/16' }];
  expect(routesOf(mendConfig(macvlan({ routes }), [{ drop: 'route', dst: '0.0.0.0/0' }], NOTHING))).toEqual([
    routes[1],
  ]);
});

test('what is no route, and what is no plugin, is not touched', () => {
  expect(
    routesOf(mendConfig(macvlan({ routes: [{ gw: '1.2.3.4' }, 'odd', { dst: 'anywhere' }] }), [], NOTHING)),
  ).toEqual([{ gw: '1.2.3.4' }, { dst: 'anywhere' }]);
  expect(mendConfig({ plugins: [] }, [], WANTS)).toEqual({ plugins: [] });
});

const dst = fc.oneof(
  fc.ipV4(),
  fc.tuple(fc.ipV4(), fc.nat(32)).map(([a, n]) => `${a}/${n}`),
  fc.ipV6(),
  fc.constantFrom(GROUP, `${GROUP}/32`, '224.0.0.0/4', '0.0.0.0/0', 'odd', ''),
);
const route = fc.record({ dst, gw: fc.ipV4(), table: fc.constantFrom(7, 8) }, { requiredKeys: ['dst'] });
const place = fc.option(fc.array(route, { maxLength: 4 }), { nil: undefined });
const ipam = fc.record({ type: fc.constantFrom('host-local', 'static', 'dhcp'), routes: place }, { requiredKeys: [] });
const plugin = fc.record(
  { type: fc.constantFrom('macvlan', 'ipvlan'), mtu: fc.nat(), routes: place, ipam },
  { requiredKeys: ['type'] },
);
const config = fc.oneof(
  plugin,
  fc.record(
    { name: fc.string(), routes: place, plugins: fc.array(plugin, { maxLength: 3 }) },
    { requiredKeys: ['plugins'] },
  ),
);
const edit = fc.constantFrom<NadEdit>(
  { set: 'master', value: 'eth2' },
  { set: 'sysctl', name: 'net.ipv4.conf.IFNAME.rp_filter', value: '2' },
  { drop: 'route', dst: '0.0.0.0/0' },
);

test('any configuration: mending twice changes nothing more', () => {
  const wants = fc.constantFrom(NOTHING, WANTS, { groups: [GROUP], sources: ['10.9.9.9'] });
  fc.assert(
    fc.property(config, fc.array(edit, { maxLength: 2 }), wants, (json, edits, wanted) => {
      const once = mendConfig(JSON.parse(JSON.stringify(json)) as Json, edits, wanted);
      expect(JSON.stringify(mendConfig(once, edits, wanted))).toBe(JSON.stringify(once));
    }),
  );
});
