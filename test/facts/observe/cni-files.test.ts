import { expect, test } from 'vitest';
import type { AgentMessage } from '../../../src/agent/protocol.ts';
import { cniFiles, cniReads, vendorOf } from '../../../src/facts/observe/cni-files.ts';

const ROOT = '/proc/1/root/etc/cni/net.d/';
const command = (name: string, stdout: string): AgentMessage => ({
  type: 'command',
  place: 'node',
  phase: 'before',
  name,
  status: 0,
  stdout,
  stderr: '',
  root: 'node',
});
const file = (path: string, text: string): AgentMessage => ({
  type: 'file',
  place: 'node',
  phase: 'before',
  path,
  text,
});

const listed = [
  command('cni-configurations', '00-multus.conf\n10-flannel.conflist\nbroken.conf\n'),
  command('cni-plugins', 'macvlan\nhost-local\n'),
];

test('names and types of configurations, and nothing else of them', () => {
  const facts = cniFiles([
    ...listed,
    file(`${ROOT}00-multus.conf`, JSON.stringify({ type: 'multus', kubeconfig: '/x', token: 'hunter2' })),
    file(
      `${ROOT}10-flannel.conflist`,
      JSON.stringify({ plugins: [{ type: 'flannel', k8s_auth_token: 'hunter2' }, { type: 'portmap' }] }),
    ),
    file(`${ROOT}broken.conf`, '{"token": "hunter2"'),
  ]);
  expect(facts).toEqual({
    value: {
      configurations: [
        { name: '00-multus.conf', type: 'multus', plugins: [] },
        { name: '10-flannel.conflist', type: 'flannel', plugins: ['flannel', 'portmap'] },
        { name: 'broken.conf', type: '', plugins: [] },
      ],
      plugins: ['macvlan', 'host-local'],
      dhcpSocket: false,
      reservations: [],
    },
  });
});

test('the socket of the DHCP daemon, and host-local’s reservations by network', () => {
  const reservations = `/var/lib/cni/networks:\nmcast\n\n/var/lib/cni/networks/mcast:\n10.50.0.7\nlast_reserved_ip.0\nlock\n\n/var/lib/cni/networks/cbr0:\n10.244.1.9\n`;
  expect(
    cniFiles([...listed, command('cni-run', 'dhcp.sock\n'), command('cni-reservations', reservations)]),
  ).toMatchObject({
    value: {
      dhcpSocket: true,
      reservations: [
        { network: 'mcast', address: '10.50.0.7' },
        { network: 'cbr0', address: '10.244.1.9' },
      ],
    },
  });
});

test('a node that cannot list them is unknown, not empty', () => {
  expect(cniFiles(listed.slice(0, 1))).toMatchObject({ unknown: expect.stringContaining('no program that lists') });
});

test('the vendor, from both files', () => {
  expect(
    vendorOf([file('/sys/class/dmi/id/sys_vendor', 'QEMU\n'), file('/sys/class/dmi/id/product_name', 'Standard PC\n')]),
  ).toEqual({
    value: 'QEMU Standard PC',
  });
  expect(vendorOf([])).toHaveProperty('unknown');
});

test('no file with credentials is asked for', () => {
  expect(cniReads().files.filter((path) => !/net\.d\/\*\.conf(list)?$|\/dmi\/id\//.test(path))).toEqual([]);
});
