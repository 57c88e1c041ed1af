import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-parent-wrong-network.ts';
import { ask, type Draft, flow, link, nadConfig } from '../snapshot.ts';

/** The stream comes in by eth2, the attachment is on eth1. */
function elsewhere(d: Draft): void {
  d.node.netns.links.push(link('eth2', 6, { driver: 'virtio_net' }));
  d.rx.flows = [];
  d.node.flows = [flow({ interface: 'eth2' })];
}

test('moves the attachment to the NIC on which the stream comes in', () => {
  const { finding } = ask(rule, elsewhere);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => [e.at, e.source])).toEqual([
    ['NetworkAttachmentDefinition video/mcast', 'spec.config master'],
    ['node/node1 eth2', 'capture'],
    ['node/node1 eth1', 'capture'],
    ['pod/rx net1', '/proc/net/igmp'],
  ]);
  expect(finding?.fixes[0]).toMatchObject({ edits: [{ set: 'master', value: 'eth2' }] });
});

test('without a member or a join on the parent its silence proves nothing', () => {
  const passive = (d: Draft) => {
    elsewhere(d);
    d.rx.netns.memberships[0]!.interface = 'eth0';
  };
  expect(ask(rule, passive).finding?.severity).toBe('warning');
  const joined = ask(rule, (d) => {
    passive(d);
    d.node.joinFlows = d.node.flows;
    d.node.flows = [];
  });
  expect(joined.finding?.severity).toBe('error');
});

test('a bridge of the node that the NIC is no port of', () => {
  const bridged = (d: Draft) => {
    d.cluster.attachments[0]!.config = nadConfig({ type: 'bridge', bridge: 'br9', master: undefined });
    d.rx.netns.links = d.rx.netns.links.map((l) =>
      l.name === 'net1' ? link('net1', 3, { kind: 'veth', parentIndex: 21, parentNetns: 0 }) : l,
    );
    d.node.netns.links.push(
      link('br9', 20, { kind: 'bridge' }),
      link('veth21', 21, { kind: 'veth', parentIndex: 3, parentNetns: 1, masterIndex: 20 }),
    );
    d.rx.flows = [];
  };
  const { finding } = ask(rule, bridged);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('239.10.20.30:6000 comes in by eth1 of node1, the attachment is on br9');
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'node/node1' }]);
  const port = ask(rule, (d) => {
    bridged(d);
    d.node.netns.links = d.node.netns.links.map((l) => (l.name === 'eth1' ? { ...l, masterIndex: 20 } : l));
    d.node.flows = [flow({ interface: 'br9' })];
  });
  expect(port.outcome).toBe('pass');
});

test('a veth that the node routes', () => {
  const { finding } = ask(rule, (d) => {
    d.cluster.attachments[0]!.config = nadConfig({ type: 'ptp', master: undefined });
    d.rx.netns.links = d.rx.netns.links.map((l) =>
      l.name === 'net1' ? link('net1', 3, { kind: 'veth', parentIndex: 21, parentNetns: 0 }) : l,
    );
    d.node.netns.links.push(link('veth21', 21, { kind: 'veth', parentIndex: 3, parentNetns: 1 }));
    d.rx.flows = [];
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('239.10.20.30:6000 comes in by eth1 of node1, the attachment is on veth21');
  expect(finding?.evidence[0]).toMatchObject({ source: 'spec.config type', observed: 'ptp' });
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'cluster' }]);
});

test('frames that a capture on the parent shows but that belong to a VLAN on it are the VLAN’s', () => {
  const { finding } = ask(rule, (d) => {
    d.node.netns.links.push(link('eth1.7', 12, { kind: 'vlan', vlanId: 7, parentIndex: 3 }));
    d.rx.flows = [];
    d.node.flows = [flow({ interface: 'eth1' }), flow({ interface: 'eth1.7' })];
  });
  expect(finding?.fixes[0]).toMatchObject({ edits: [{ set: 'master', value: 'eth1.7' }] });
});

test('is silent when the parent sees the stream, whoever else does', () => {
  expect(ask(rule).outcome).toBe('pass');
  const both = ask(rule, (d) => {
    elsewhere(d);
    d.node.flows.push(flow({ interface: 'eth1' }));
  });
  expect(both.outcome).toBe('pass');
});

test('is silent when the stream arrives, however it came', () => {
  const arriving = ask(rule, (d) => {
    elsewhere(d);
    d.rx.flows = [flow()];
  });
  expect(arriving.outcome).toBe('pass');
});
