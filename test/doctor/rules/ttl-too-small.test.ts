import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/ttl-too-small.ts';
import { onPodNetworkAlone, sends } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

function routed(d: Draft, ttl: number): void {
  onPodNetworkAlone(d);
  d.node.flows = [flow({ interface: 'eth1', ttl })];
  d.node.netns.multicastRouting = {
    vifs: [
      { family: 4, index: 0, interface: 'eth1', packetsIn: 3, packetsOut: 0 },
      { family: 4, index: 1, interface: 'cni0', packetsIn: 0, packetsOut: 0 },
    ],
    cache: [
      {
        family: 4,
        group: '239.10.20.30',
        origin: '10.50.0.9',
        input: 0,
        packets: 3,
        bytes: 9,
        wrong: 0,
        outputs: [{ vif: 1, ttl: 1 }],
      },
    ],
  };
}

function overPodNetwork(d: Draft, name: string, ttl: number): void {
  onPodNetworkAlone(d);
  d.cluster.podNetwork.name = name;
  d.cluster.namespaces = { video: { 'k8s.ovn.org/multicast-enabled': 'true' } };
  sends(d, { interface: 'eth0', source: '10.244.1.7', ttl });
  d.cluster.nodes.push({ ...d.cluster.nodes[0]!, name: 'node2' });
}

test('fires where the node would route the group but the TTL ends there', () => {
  const { finding } = ask(rule, (d) => routed(d, 1));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.source)).toEqual(['capture', '/proc/net/ip_mr_cache']);
  expect(finding?.advice).toContain('IP_MULTICAST_TTL to 2');
  expect(ask(rule, (d) => routed(d, 2)).outcome).toBe('pass');
});

test('OVN-Kubernetes wants 3, or 2 where all nodes share a zone', () => {
  expect(ask(rule, (d) => overPodNetwork(d, 'ovn-kubernetes', 2)).finding?.advice).toContain('to 3 or more');
  expect(ask(rule, (d) => overPodNetwork(d, 'ovn-kubernetes', 3)).outcome).toBe('pass');
  const shared = ask(rule, (d) => {
    overPodNetwork(d, 'ovn-kubernetes', 2);
    for (const node of d.cluster.nodes) node.annotations = { 'k8s.ovn.org/zone-name': 'global' };
  });
  expect(shared.outcome).toBe('pass');
});

test('does not look for the TTL where the stream arrives, where multicast is off, and on a single node', () => {
  const arrives = ask(rule, (d) => {
    routed(d, 1);
    d.rx.flows = [flow({ interface: 'eth0', ttl: 1 })];
  });
  expect(arrives.outcome).toBe('pass');
  const off = ask(rule, (d) => {
    overPodNetwork(d, 'ovn-kubernetes', 2);
    d.cluster.namespaces = { video: {} };
  });
  expect(off.outcome).toBe('pass');
  const single = ask(rule, (d) => {
    overPodNetwork(d, 'ovn-kubernetes', 2);
    d.cluster.nodes = d.cluster.nodes.slice(0, 1);
  });
  expect(single.outcome).toBe('pass');
});

test('is silent when some datagrams have enough', () => {
  const mixed = ask(rule, (d) => {
    overPodNetwork(d, 'ovn-kubernetes', 2);
    d.rx.flows.push(flow({ direction: 'out', interface: 'eth0', source: '10.244.1.7', ttl: 8 }));
  });
  expect(mixed.outcome).toBe('pass');
});

test('warns of 1 with Antrea, and informs of 1 elsewhere', () => {
  expect(ask(rule, (d) => overPodNetwork(d, 'antrea', 1)).finding?.severity).toBe('warning');
  expect(ask(rule, (d) => sends(d, { ttl: 1 })).finding?.severity).toBe('info');
});

test('is silent on receivers and on larger TTLs', () => {
  expect(ask(rule).outcome).toBe('pass');
  expect(ask(rule, (d) => sends(d, { ttl: 2 })).outcome).toBe('pass');
});
