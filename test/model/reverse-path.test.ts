import { expect, test } from 'vitest';
import { reversePath } from '../../src/model/reverse-path.ts';
import { pod, route } from './namespace.ts';

const arrival = { source: '172.31.9.9', interface: 'net1', group: '239.1.2.3' };
const strict = { 'net.ipv4.conf.net1.rp_filter': '1' };

test('strict: the route to the source must leave by the interface', () => {
  expect(reversePath(pod([], strict), arrival)).toEqual({
    accepted: false,
    counted: true,
    rpFilter: 1,
    reason: 'rp_filter 1 (strict): the route to 172.31.9.9 (0.0.0.0/0) leaves by eth0, not by net1',
    towardSource: { interfaces: ['eth0'], route: '0.0.0.0/0' },
  });
  expect(reversePath(pod([route('172.31.9.9/32', { dev: 'net1' })], strict), arrival).accepted).toBe(true);
  expect(reversePath(pod([], strict), { ...arrival, source: '10.50.0.9' }).accepted).toBe(true);
});

test('strict: one of several ways by the interface is enough', () => {
  const nextHops = [
    { interface: 'eth0', gateway: '10.244.0.1' },
    { interface: 'net1', gateway: '10.50.0.1' },
  ];
  expect(reversePath(pod([route('172.31.0.0/16', { nextHops })], strict), arrival).accepted).toBe(true);
});

test('loose: any route to the source will do; without one it is dropped', () => {
  const loose = { 'net.ipv4.conf.net1.rp_filter': '2' };
  expect(reversePath(pod([], loose), arrival)).toMatchObject({ accepted: true, rpFilter: 2 });
  const isolated = { ...pod([], loose), routes: pod().routes.filter((one) => one.destination !== '0.0.0.0/0') };
  expect(reversePath(isolated, arrival)).toMatchObject({
    accepted: false,
    counted: true,
    reason: 'rp_filter 2: there is no route to the source 172.31.9.9',
  });
});

test('the larger of all and the interface holds', () => {
  const all = { 'net.ipv4.conf.all.rp_filter': '1' };
  expect(reversePath(pod([], { ...all, 'net.ipv4.conf.net1.rp_filter': '0' }), arrival)).toMatchObject({
    accepted: false,
    rpFilter: 1,
  });
  expect(reversePath(pod([], { ...all, 'net.ipv4.conf.net1.rp_filter': '2' }), arrival)).toMatchObject({
    accepted: true,
    rpFilter: 2,
  });
  expect(reversePath(pod([], all), { ...arrival, rpFilter: 0 })).toMatchObject({ accepted: true, rpFilter: 0 });
});

test('an interface without address passes nothing that is routed elsewhere', () => {
  const state = {
    ...pod([], { 'net.ipv4.conf.net1.rp_filter': '2' }),
    addresses: pod().addresses.filter((one) => one.interface !== 'net1'),
  };
  expect(reversePath(state, arrival)).toMatchObject({
    accepted: false,
    counted: true,
    reason: expect.stringContaining('net1 has no address'),
  });
});

test('some sources are refused in any mode, and not counted as filtered', () => {
  for (const source of ['10.50.0.200', '127.0.0.1', '239.9.9.9', '255.255.255.255', '0.0.0.0', 'nonsense']) {
    expect(reversePath(pod(), { ...arrival, source }), source).toMatchObject({ accepted: false, counted: false });
  }
  expect(reversePath(pod([], strict), { ...arrival, source: '0.0.0.0', protocol: 2 }).accepted).toBe(true);
  expect(reversePath(pod([], strict), { ...arrival, source: '0.0.0.0', group: '224.0.0.251' }).accepted).toBe(true);
});

test('IPv6 has no filter', () => {
  expect(reversePath(pod([], strict), { source: '2001:db8::9', interface: 'net1', group: 'ff15::1' })).toMatchObject({
    accepted: true,
    rpFilter: 0,
  });
});
