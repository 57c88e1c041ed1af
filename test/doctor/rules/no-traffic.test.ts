import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/no-traffic.ts';
import { onHostNetwork, onPodNetworkAlone, sends, silence } from '../roles.ts';
import { ask, type Draft, flow, link } from '../snapshot.ts';

/** Nothing was seen, also not while kmcast was a member. */
function nobodySends(d: Draft): void {
  silence(d);
  d.node.joinFlows = [];
  d.node.duration = 3000;
}

test('fires when a member’s LAN is silent even with a fresh join', () => {
  const { finding } = ask(rule, nobodySends);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain('239.10.20.30:6000 was seen anywhere in 3.0 s');
  expect(finding?.evidence[1]).toMatchObject({ at: 'node/node1', source: 'capture, with a join' });
});

test('only warns when the target has not joined: that may be the cause', () => {
  const { finding } = ask(rule, (d) => {
    nobodySends(d);
    d.rx.netns.memberships = [];
  });
  expect(finding?.severity).toBe('warning');
});

test('says nothing without a join, since a switch may have forgotten the member', () => {
  expect(ask(rule, silence).outcome).toBe('pass');
});

test('says nothing when the join was on another LAN than the member’s', () => {
  const { outcome } = ask(rule, (d) => {
    nobodySends(d);
    d.node.netns.links.push(link('eth2', 8));
    d.rx.netns.links.find((l) => l.name === 'net1')!.parentIndex = 8;
  });
  expect(outcome).toBe('pass');
});

test('takes a long look of a member on the host for a proof, and a short one not', () => {
  const looked = (duration: number) => (d: Draft) => {
    onHostNetwork(d);
    silence(d);
    d.rx.duration = duration;
  };
  expect(ask(rule, looked(130_000)).outcome).toBe('fail');
  expect(ask(rule, looked(1_000)).outcome).toBe('pass');
});

test('is silent when the node sees the stream, and has nothing to say where the network would not bring it', () => {
  const seen = ask(rule, (d) => {
    nobodySends(d);
    d.node.joinFlows = [flow({ interface: 'eth1' })];
  });
  expect(seen.outcome).toBe('pass');
  const podNetwork = ask(rule, (d) => {
    onPodNetworkAlone(d);
    d.node.joinFlows = [];
  });
  expect(podNetwork.outcome).toBe('skipped');
  expect(ask(rule, (d) => sends(d)).outcome).toBe('skipped');
});
