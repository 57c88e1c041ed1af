import { expect, test } from 'vitest';
import { describeSocket, listeners } from '../../src/doctor/sockets.ts';
import type { UdpSocket } from '../../src/model/netns.ts';
import { asksForIpv6 } from './roles.ts';
import { caseOf } from './snapshot.ts';

const bound = (change: Partial<UdpSocket>, six = false) =>
  listeners(
    caseOf((d) => {
      if (six) asksForIpv6(d);
      Object.assign(d.rx.netns.sockets[0]!, change);
    }),
  ).length === 1;

test.each<[string, Partial<UdpSocket>, boolean]>([
  ['any address', {}, true],
  ['the group', { localAddress: '239.10.20.30' }, true],
  ['another group', { localAddress: '239.10.20.31' }, false],
  ['its own address', { localAddress: '10.50.0.21' }, false],
  ['another port', { localPort: 6001 }, false],
  ['any address of IPv6, which takes IPv4 too', { family: 6, localAddress: '::', remoteAddress: '::' }, true],
  ['the mapped group', { family: 6, localAddress: '::ffff:239.10.20.30', remoteAddress: '::' }, true],
  ['an IPv6 address', { family: 6, localAddress: '2001:db8::1', remoteAddress: '::' }, false],
  ['the sender as its peer', { remoteAddress: '10.50.0.9', remotePort: 40000 }, true],
  ['another peer', { remoteAddress: '10.50.0.66', remotePort: 40000 }, false],
])('a socket bound to %s', (_, change, takes) => expect(bound(change)).toBe(takes));

test('an IPv6 group needs an IPv6 socket', () => {
  expect(bound({}, true)).toBe(true);
  expect(bound({ family: 4, localAddress: '0.0.0.0', remoteAddress: '0.0.0.0' }, true)).toBe(false);
  expect(bound({ localAddress: 'ff15::1234' }, true)).toBe(true);
});

test('in words', () => {
  const [socket] = caseOf().ns.sockets;
  expect(describeSocket(socket!)).toBe('0.0.0.0:6000 (receiver, pid 1)');
  const { owner: _, ...kernel } = socket!;
  expect(describeSocket({ ...kernel, family: 6, localAddress: '::' })).toBe('[::]:6000');
});
