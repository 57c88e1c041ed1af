import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/macvlan-mode-isolates.ts';
import { ask, type Draft, flow, nadConfig } from '../snapshot.ts';

const SENDER = {
  pod: 'tx',
  namespace: 'video',
  node: 'node1',
  network: 'video/mcast',
  interface: 'net1',
  ips: ['10.50.0.22'],
  mac: '02:00:00:00:00:22',
};
const fromSibling = flow({ interface: 'eth1', direction: 'out', source: '10.50.0.22', sourceMac: SENDER.mac });

function siblings(d: Draft, mode: string): void {
  d.cluster.attachments[0]!.config = nadConfig({ mode });
  d.rx.netns.links[2]!.mode = mode;
  d.rx.flows = [];
  d.node.flows = [fromSibling];
  d.cluster.podAddresses.push(SENDER);
}

test.each(['private', 'vepa'])('mode %s: both pods get mode bridge, and both are created anew', (mode) => {
  const { finding } = ask(rule, (d) => siblings(d, mode));
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain('pod video/tx on the same node');
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attachment', 'attachment', 'cluster', 'recreate']);
  expect(finding?.fixes[0]).toMatchObject({ edits: [{ set: 'mode', value: 'bridge' }] });
  const again = finding?.fixes[2];
  expect(again?.kind === 'cluster' && again.run).toContain('kubectl -n video delete pod tx');
});

test('the sender’s mode alone isolates too', () => {
  const { finding } = ask(rule, (d) => {
    siblings(d, 'bridge');
    d.cluster.attachments.push({ namespace: 'video', name: 'tx', config: nadConfig({ mode: 'private' }) });
    d.cluster.podAddresses.at(-1)!.network = 'video/tx';
  });
  expect(finding?.title).toContain('macvlan mode private');
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attachment', 'cluster']);
});

test('an unknown sibling is advised on', () => {
  const { finding } = ask(rule, (d) => {
    siblings(d, 'private');
    d.cluster.podAddresses.pop();
  });
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attachment', 'advice', 'recreate']);
});

test('is silent in mode bridge, for the parent’s own frames, for a VLAN’s, and when the stream is heard', () => {
  expect(ask(rule, (d) => siblings(d, 'bridge')).outcome).toBe('pass');
  const own = ask(rule, (d) => {
    siblings(d, 'private');
    d.node.flows = [{ ...fromSibling, sourceMac: '02:00:00:00:00:03' }];
  });
  expect(own.outcome).toBe('pass');
  const heard = ask(rule, (d) => {
    siblings(d, 'vepa');
    d.rx.flows = [flow()];
  });
  expect(heard.outcome).toBe('pass');
  const vlan = ask(rule, (d) => {
    siblings(d, 'private');
    d.node.netns.links.push({ ...d.node.netns.links[2]!, index: 12, name: 'eth1.7', kind: 'vlan', parentIndex: 3 });
    d.node.flows.push({ ...fromSibling, interface: 'eth1.7' });
  });
  expect(vlan.outcome).toBe('pass');
});
