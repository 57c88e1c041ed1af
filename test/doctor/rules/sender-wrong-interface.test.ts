import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/sender-wrong-interface.ts';
import { onHostNetwork, sends } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

function byEth0(d: Draft): void {
  sends(d, { interface: 'eth0', source: '10.244.1.7' });
  d.rx.netns.routes = d.rx.netns.routes.filter((r) => r.destination !== '239.10.20.30/32');
}

test('fires on a sender that uses eth0 beside a secondary network', () => {
  const { finding } = ask(rule, byEth0);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain('by eth0 instead of net1');
  expect(finding?.fixes.slice(0, 2)).toEqual([
    { kind: 'attachment', namespace: 'video', name: 'mcast', edits: [] },
    { kind: 'recreate' },
  ]);
});

test('does not take for an arrival what a bridge in hairpin mode sends back', () => {
  const { outcome } = ask(rule, (d) => {
    byEth0(d);
    d.rx.flows.push(flow({ interface: 'eth0', source: '10.244.1.7', sourceMac: '02:00:00:00:00:02' }));
  });
  expect(outcome).toBe('fail');
});

test('turns to the application when the route already leads to the LAN', () => {
  const { finding } = ask(rule, (d) => sends(d, { interface: 'eth0', source: '10.244.1.7' }));
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'application' }]);
});

test('warns when the pod network is not known, and is silent when it carries the group', () => {
  const on = (name: string) => (d: Draft) => {
    byEth0(d);
    d.cluster.podNetwork.name = name;
  };
  expect(ask(rule, on('unknown')).finding?.severity).toBe('warning');
  expect(ask(rule, on('cilium')).finding?.severity).toBe('error');
  expect(ask(rule, on('weave')).outcome).toBe('pass');
});

test('is silent when the sender uses net1, or both', () => {
  expect(ask(rule, (d) => sends(d)).outcome).toBe('pass');
  const both = ask(rule, (d) => {
    byEth0(d);
    d.rx.flows.push(flow({ direction: 'out', source: '10.50.0.21' }));
  });
  expect(both.outcome).toBe('pass');
});

test('routes the group on the node for a hostNetwork pod', () => {
  const { finding } = ask(rule, (d) => {
    onHostNetwork(d);
    d.rx.flows.push(flow({ interface: 'cni0', direction: 'out', source: '10.244.1.1' }));
  });
  expect(finding?.title).toContain('by cni0 instead of eth1');
  const right = ask(rule, (d) => {
    onHostNetwork(d);
    d.rx.flows.push(flow({ interface: 'eth1', direction: 'out', source: '10.50.0.11' }));
  });
  expect(right.outcome).toBe('pass');
});
