import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-parent-missing.ts';
import { ask, type Draft, flow, nadConfig, neverStarted } from '../snapshot.ts';

function absent(d: Draft): void {
  d.cluster.attachments[0]!.config = nadConfig({ master: 'ens9' });
  neverStarted(d, { reason: 'FailedCreatePodSandBox', message: 'failed to lookup master "ens9": Link not found' });
}

test('names the NIC on which the group is seen', () => {
  const { finding } = ask(rule, absent);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.source)).toEqual([
    'spec.config master',
    'links',
    'capture',
    'event FailedCreatePodSandBox',
  ]);
  expect(finding?.fixes).toEqual([
    { kind: 'attachment', namespace: 'video', name: 'mcast', edits: [{ set: 'master', value: 'eth1' }] },
    { kind: 'recreate' },
  ]);
});

test('else the NIC with an address of the attachment’s network, else the only other one', () => {
  const unseen = ask(rule, (d) => {
    absent(d);
    d.node.flows = [];
  });
  expect(unseen.finding?.advice).toContain('eth1: it has 10.50.0.11');
  const bare = ask(rule, (d) => {
    absent(d);
    d.node.flows = [];
    d.node.netns.addresses = d.node.netns.addresses.filter((a) => a.interface !== 'eth1');
  });
  expect(bare.finding?.advice).toContain('eth1: it is the only NIC');
});

test('names the device that a plugin was to move into the pod', () => {
  const moved = (config: object) =>
    ask(rule, (d) => {
      d.cluster.attachments[0]!.config = nadConfig({ type: 'host-device', master: undefined, ...config });
      neverStarted(d, { reason: 'FailedCreatePodSandBox', message: 'failed to find host device: Link not found' });
    });
  const { finding } = moved({ device: 'ens9' });
  expect(finding?.title).toBe('ens9 does not exist on node1');
  expect(finding?.evidence[0]).toMatchObject({ source: 'spec.config device', observed: 'ens9' });
  expect(finding?.fixes).toMatchObject([
    { kind: 'advice', on: 'cluster', title: expect.stringContaining('a macvlan on eth1') },
    { kind: 'recreate' },
  ]);
  expect(moved({ pciBusID: '0000:00:1f.6' }).outcome).toBe('pass');
});

test('does not blame a parent that is there for another failure', () => {
  const { outcome } = ask(rule, (d) => {
    neverStarted(d, { reason: 'FailedCreatePodSandBox', message: 'failed to create macvlan: device or resource busy' });
    d.node.flows = [flow({ interface: 'eth1' })];
  });
  expect(outcome).toBe('pass');
});
