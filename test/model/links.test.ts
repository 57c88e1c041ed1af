import { expect, test } from 'vitest';
import { isUp, isUplink } from '../../src/model/links.ts';
import type { Link } from '../../src/model/netns.ts';
import { address, link } from '../doctor/snapshot.ts';

const lo = link('lo', 1, { flags: ['LOOPBACK', 'UP'] });
const nic = link('eth0', 2);
const port = link('eth1', 3, { masterIndex: 6 });
const pod = link('veth7', 4, { kind: 'veth', masterIndex: 5 });
const cni = link('cni0', 5, { kind: 'bridge' });
const br = link('br0', 6, { kind: 'bridge' });
const loose = link('veth8', 7, { kind: 'veth' });
const tunnel = link('flannel.1', 8, { kind: 'vxlan' });
const vlan = link('eth0.5', 9, { kind: 'vlan', parentIndex: 2 });
const all = [lo, nic, port, pod, cni, br, loose, tunnel, vlan];

test('uplinks: hardware, VLANs, and bridges with hardware in them; no ports, pods, tunnels', () => {
  expect(all.filter((l) => isUplink(l, all, [address('cni0', '10.244.0.1', 24)])).map((l) => l.name)).toEqual([
    'eth0',
    'br0',
    'eth0.5',
  ]);
});

test('a veth with a global address is the NIC of a node that is a container', () => {
  expect(isUplink(loose, all, [address('veth8', '172.18.0.2', 16)])).toBe(true);
  expect(isUplink(loose, all, [{ ...address('veth8', 'fe80::1', 64), scope: 'link' }])).toBe(false);
  expect(isUplink(loose, all, [address('eth0', '172.18.0.2', 16)])).toBe(false);
});

test('a veth that has the gateway’s address alone, as ptp makes them, is a pod’s', () => {
  expect(isUplink(loose, all, [address('veth8', '10.44.1.1', 32)])).toBe(false);
  expect(isUplink(loose, all, [address('veth8', 'fd44::1', 128)])).toBe(false);
  expect(isUplink(loose, all, [address('veth8', 'fd44::2', 64)])).toBe(true);
});

test.each<[string, Partial<Link>, boolean]>([
  ['up with carrier', {}, true],
  ['unknown state, as of a macvlan', { operstate: 'unknown' }, true],
  ['switched off', { flags: ['BROADCAST', 'MULTICAST'], operstate: 'down' }, false],
  ['without carrier', { flags: ['UP', 'NO-CARRIER'], operstate: 'down' }, false],
  ['parent down', { operstate: 'lowerlayerdown' }, false],
])('an interface that is %s', (_, change, up) => expect(isUp(link('eth0', 2, change))).toBe(up));
