import { expect, test } from 'vitest';
import { networkStatus } from '../../../src/lab/cni/network-status.ts';
import { parseStatus } from '../../../src/model/nad.ts';

const eth0 = {
  name: 'cbr0',
  ifname: 'eth0',
  isDefault: true,
  result: {
    interfaces: [
      { name: 'cni0', mac: '0e:00:00:00:00:01' },
      { name: 'vethb1', mac: '0e:00:00:00:00:02' },
      { name: 'eth0', mac: '0e:00:00:00:00:03', sandbox: '/proc/7/ns/net' },
    ],
    ips: [{ address: '10.44.1.2/24', gateway: '10.44.1.1' }],
    routes: [{ dst: '10.44.0.0/16' }, { dst: '0.0.0.0/0', gw: '10.44.1.1' }],
    dns: {},
  },
};

test('the annotation looks as Multus writes it', () => {
  const old = { name: 'shop/old', ifname: 'net2', isDefault: false, result: { ip4: { ip: '10.9.9.9/24' } } };
  expect(networkStatus([eth0, old])).toBe(`[{
    "name": "cbr0",
    "interface": "eth0",
    "ips": [
        "10.44.1.2"
    ],
    "mac": "0e:00:00:00:00:03",
    "default": true,
    "dns": {},
    "gateway": [
        "10.44.1.1"
    ]
},{
    "name": "shop/old",
    "ips": [
        "10.9.9.9"
    ],
    "dns": {}
}]`);
});

test('kmcast reads it, and a network that made nothing is not in it', () => {
  const nothing = { name: 'shop/tuned', ifname: 'net1', isDefault: false, result: {} };
  expect(parseStatus(networkStatus([eth0, nothing]))).toEqual([
    { name: 'cbr0', interface: 'eth0', ips: ['10.44.1.2'], mac: '0e:00:00:00:00:03', default: true },
  ]);
});
