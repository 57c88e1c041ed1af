import { expect, test } from 'vitest';
import { joinInterface, lookup } from '../../src/model/route-lookup.ts';
import { DEFAULT_RULES, pod, route } from './namespace.ts';

const group = { family: 4, destination: '239.1.2.3' } as const;

test('without a route for groups they leave by the default route, without its gateway', () => {
  const way = lookup(pod(), group);
  expect(way).toMatchObject({
    kind: 'route',
    interface: 'eth0',
    type: 'multicast',
    by: 'route',
    table: 254,
    source: '10.244.0.5',
  });
  expect(way).not.toHaveProperty('gateway');
});

test('a route for groups keeps its gateway from /4 on', () => {
  expect(lookup(pod([route('224.0.0.0/4', { dev: 'net1', via: '10.50.0.1' })]), group)).toMatchObject({
    interface: 'net1',
    gateway: '10.50.0.1',
    source: '10.50.0.200',
  });
  expect(lookup(pod([route('224.0.0.0/3', { dev: 'net1', via: '10.50.0.1' })]), group)).not.toHaveProperty('gateway');
});

test('a sender that is bound to an address leaves by its interface, whatever the routes say', () => {
  const bound = { ...group, source: '10.244.0.5' };
  expect(lookup(pod([route('224.0.0.0/4', { dev: 'net1' })]), bound)).toMatchObject({
    interface: 'eth0',
    by: 'source',
  });
  expect(lookup(pod(), { ...group, source: '10.99.0.1' })).toMatchObject({ kind: 'no-route', error: 'ENETUNREACH' });
});

test('an interface that is named needs no route, and passes a blackhole', () => {
  const state = pod([route('239.0.0.0/8', { type: 'blackhole', nextHops: [] })]);
  expect(lookup(state, group)).toMatchObject({
    kind: 'blackhole',
    error: 'EINVAL',
    reason: 'the blackhole route 239.0.0.0/8 of table 254 refuses it',
  });
  expect(lookup(state, { ...group, interface: 'net1' })).toMatchObject({
    kind: 'route',
    interface: 'net1',
    by: 'interface',
    source: '10.50.0.200',
  });
  expect(lookup(state, { ...group, interface: 'net7' })).toMatchObject({ kind: 'no-route', error: 'ENODEV' });
});

test('policy rules decide before the main table', () => {
  const rules = [
    ...DEFAULT_RULES,
    { family: 4, priority: 100, action: 'lookup', table: 100, mark: 0x10, markMask: 0xff } as const,
  ];
  const state = pod([route('224.0.0.0/4', { dev: 'net1', table: 100 })], {}, rules);
  expect(lookup(state, { ...group, mark: 0x110 })).toMatchObject({
    interface: 'net1',
    table: 100,
    rule: { priority: 100 },
  });
  expect(lookup(state, group)).toMatchObject({ interface: 'eth0', rule: { priority: 32766 } });
});

test('every way of a multipath route is told', () => {
  const nextHops = [
    { interface: 'net1', gateway: '10.50.0.1' },
    { interface: 'eth0', gateway: '10.244.0.1' },
  ];
  expect(lookup(pod([route('239.0.0.0/8', { nextHops })]), group)).toMatchObject({ interface: 'net1', nextHops });
});

test('a way without carrier is left only when the interface says so', () => {
  const dead = route('224.0.0.0/4', { nextHops: [{ interface: 'net1', flags: ['linkdown'] }] });
  expect(lookup(pod([dead]), group)).toMatchObject({ interface: 'net1' });
  expect(lookup(pod([dead], { 'net.ipv4.conf.net1.ignore_routes_with_linkdown': '1' }), group)).toMatchObject({
    interface: 'eth0',
  });
});

test('IPv6 groups leave by the first interface, unless a more specific route says otherwise', () => {
  const six = { family: 6, destination: 'ff15::1' } as const;
  expect(lookup(pod(), six)).toMatchObject({ interface: 'eth0', table: 255 });
  expect(lookup(pod(), { ...six, interface: 'net1' })).toMatchObject({ interface: 'net1' });
  expect(lookup(pod([route('ff15::/16', { dev: 'net1', table: 255 })]), six)).toMatchObject({ interface: 'net1' });
  // The local table has ff00::/8 and is asked first.
  expect(lookup(pod([route('ff15::/16', { dev: 'net1' })]), six)).toMatchObject({ interface: 'eth0' });
});

test('IPv6: among routes of one metric the preferred router, and of several metrics the lowest', () => {
  const via = (address: string, more: object) => route('2001:db8::/32', { dev: 'net1', via: address, ...more });
  const to = { family: 6, destination: '2001:db8::9' } as const;
  const [low, medium, high] = [
    via('fe80::3', { preference: 3 }),
    via('fe80::1', {}),
    via('fe80::2', { preference: 1 }),
  ];
  expect(lookup(pod([low!, medium!, high!]), to)).toMatchObject({ gateway: 'fe80::2' });
  expect(lookup(pod([low!, medium!]), to)).toMatchObject({ gateway: 'fe80::1' });
  expect(lookup(pod([{ ...low!, metric: 10 }, high!]), to)).toMatchObject({ gateway: 'fe80::3' });
});

test('a rule that suppresses short prefixes goes on with the next rule', () => {
  const rules = [
    ...DEFAULT_RULES,
    { family: 4, priority: 10, action: 'lookup', table: 100, suppressPrefixLength: 4 } as const,
  ];
  expect(lookup(pod([route('224.0.0.0/4', { dev: 'net1', table: 100 })], {}, rules), group)).toMatchObject({
    interface: 'eth0',
  });
  expect(lookup(pod([route('232.0.0.0/5', { dev: 'net1', table: 100 })], {}, rules), group)).toMatchObject({
    interface: 'net1',
  });
});

test("the source address is the one in the gateway's subnet", () => {
  const state = pod([route('172.31.0.0/16', { dev: 'net1', via: '10.60.0.1' })]);
  const addresses = [
    ...state.addresses,
    { family: 4, interface: 'net1', address: '10.60.0.200', prefixLength: 24, scope: 'global' } as const,
  ];
  expect(lookup({ ...state, addresses }, { family: 4, destination: '172.31.9.9' })).toMatchObject({
    source: '10.60.0.200',
  });
});

test('a join lands where the route to the group leads, or on what was named', () => {
  const join = { family: 4, group: '239.1.2.3' } as const;
  expect(joinInterface(pod(), join)).toMatchObject({ interface: 'eth0' });
  expect(joinInterface(pod([route('224.0.0.0/4', { dev: 'net1' })]), join)).toMatchObject({ interface: 'net1' });
  expect(joinInterface(pod(), { ...join, address: '10.50.0.200' })).toEqual({ interface: 'net1' });
  expect(joinInterface(pod(), { ...join, address: '0.0.0.0' })).toMatchObject({ interface: 'eth0' });
  expect(joinInterface(pod(), { ...join, interface: 'net1' })).toEqual({ interface: 'net1' });
  expect(joinInterface({ ...pod(), routes: [] }, join)).toMatchObject({ refused: { reason: 'no route to 239.1.2.3' } });
  expect(joinInterface(pod(), { family: 6, group: 'ff15::1' })).toMatchObject({ interface: 'eth0' });
});

test('text that is no address is refused, not thrown at', () => {
  expect(lookup(pod(), { family: 4, destination: 'eth0' })).toMatchObject({ kind: 'no-route', error: 'EINVAL' });
  expect(lookup(pod([route('nonsense', { dev: 'net1' })]), group)).toMatchObject({ interface: 'eth0' });
});
