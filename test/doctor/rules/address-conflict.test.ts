import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/address-conflict.ts';
import { ask, type Draft, flow, nadConfig } from '../snapshot.ts';

const twin = {
  pod: 'tx',
  namespace: 'video',
  node: 'node2',
  network: 'video/mcast',
  interface: 'net1',
  ips: ['10.50.0.21'],
  mac: '02:00:00:00:77:01',
};

function sameAddress(d: Draft): void {
  d.cluster.podAddresses.push(twin);
  d.rx.flows = [flow({ source: '10.50.0.21', sourceMac: twin.mac })];
}

test('a sender with the receiver’s own address is not heard: the pod gets another address', () => {
  const { finding } = ask(rule, sameAddress);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('the sender has the pod’s own address 10.50.0.21');
  expect(finding?.evidence.map((e) => e.source)).toEqual([
    'addresses',
    'network-status',
    'capture',
    'spec.config ipam.type',
  ]);
  const [, copy, annotate] = finding?.fixes ?? [];
  expect(copy).toMatchObject({
    kind: 'attachment',
    namespace: 'video',
    name: 'mcast-rx',
    from: { namespace: 'video', name: 'mcast' },
  });
  expect(JSON.stringify(copy)).toContain('10.50.0.250/24');
  expect(annotate).toEqual({ kind: 'annotate', networks: 'video/mcast-rx@net1' });
});

test('another pod with the address is a warning while the stream comes from elsewhere', () => {
  expect(ask(rule, (d) => void d.cluster.podAddresses.push(twin)).finding?.severity).toBe('warning');
});

test('is silent when the address is on another LAN, and when the frames are the pod’s own', () => {
  const elsewhere = ask(rule, (d) => {
    d.cluster.attachments.push({ namespace: 'video', name: 'other', config: nadConfig({ master: 'eth2' }) });
    d.cluster.podAddresses.push({ ...twin, network: 'video/other' });
  });
  expect(elsewhere.outcome).toBe('pass');
  const hairpin = ask(
    rule,
    (d) => void d.rx.flows.push(flow({ source: '10.50.0.21', sourceMac: '02:00:00:00:00:03' })),
  );
  expect(hairpin.outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      d.missing.podAddresses = 'forbidden';
    }).outcome,
  ).toBe('unknown');
});
