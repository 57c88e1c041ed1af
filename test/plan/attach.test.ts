import { expect, test } from 'vitest';
import { newAttachment } from '../../src/plan/attach.ts';
import { caseOf, nadConfig, type Patch } from '../doctor/snapshot.ts';

const wants = { groups: ['239.10.20.30'], sources: ['10.50.0.9'] };
const attachment = (patch?: Patch, parent = 'eth1') => newAttachment(caseOf(patch), parent, wants);
const route = { dst: '239.10.20.30/32', gw: '0.0.0.0' };

function owned(d: Parameters<Patch>[0], replicas: number): void {
  d.pod.owners = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'rx', replicas }];
}

test('one pod: a static address of the NIC’s network, and how it was chosen', () => {
  const made = attachment();
  expect(made).toMatchObject({ namespace: 'video', name: 'multicast-eth1' });
  expect(made.config).toEqual({
    cniVersion: '0.3.1',
    name: 'multicast-eth1',
    type: 'macvlan',
    master: 'eth1',
    mode: 'bridge',
    ipam: { type: 'static', addresses: [{ address: '10.50.0.250/24' }], routes: [route] },
  });
  expect(made.note).toContain('10.50.0.250');
});

test('several pods: a range; whereabouts where the cluster has it', () => {
  const range = { rangeStart: '10.50.0.248', rangeEnd: '10.50.0.250' };
  const local = attachment((d) => owned(d, 3));
  expect(local.config.ipam).toMatchObject({ type: 'host-local', ranges: [[{ subnet: '10.50.0.0/24', ...range }]] });
  expect(local.note).toContain('use whereabouts');
  const shared = attachment((d) => {
    owned(d, 3);
    d.cluster.whereabouts = true;
  });
  expect(shared.config.ipam).toMatchObject({
    type: 'whereabouts',
    range_start: '10.50.0.248',
    range_end: '10.50.0.250',
  });
});

test('a source on another network gets a route, one on the LAN needs none', () => {
  const { config } = newAttachment(caseOf(), 'eth1', { ...wants, sources: ['10.50.0.9', '10.9.9.9'] });
  expect(config.ipam).toMatchObject({ routes: [route, { dst: '10.9.9.9/32', gw: '0.0.0.0' }] });
});

test('a NIC without a network, and one whose addresses are all taken: a link-local address, the same for the same pod', () => {
  const bare: Patch = (d) => {
    d.node.netns.addresses = [];
  };
  const made = attachment(bare);
  const address = (made.config.ipam as { addresses: { address: string }[] }).addresses[0]!.address;
  expect(address).toMatch(/^169\.254\.\d+\.\d+\/32$/);
  expect(attachment(bare).config).toEqual(made.config);
  expect(made.note).toContain('no IPv4 network');
  expect(attachment((d) => owned(d, 400)).note).toContain('no 400 addresses in a row');
});

test('names are free, and fit for Kubernetes', () => {
  const taken: Patch = (d) =>
    void d.cluster.attachments.push({ namespace: 'video', name: 'multicast-eth1', config: nadConfig() });
  expect(attachment(taken).name).toBe('multicast-eth1-2');
  expect(attachment(undefined, 'Eth0.100_').name).toBe('multicast-eth0-100');
});
