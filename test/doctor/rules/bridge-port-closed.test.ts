import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/bridge-port-closed.ts';
import type { BridgePort } from '../../../src/model/netns.ts';
import { ask, type Draft, flow, link } from '../snapshot.ts';

const OPEN: BridgePort = { state: 'forwarding', multicastFlood: true, isolated: false };

/** net1 hangs on a bridge of which eth1 is a port; the stream enters there and goes no further. */
const bridged =
  (pod: Partial<BridgePort>, entry: Partial<BridgePort> = {}) =>
  (d: Draft): void => {
    const others = (links: Draft['rx']['netns']['links'], name: string) => links.filter((l) => l.name !== name);
    d.rx.netns.links = [
      ...others(d.rx.netns.links, 'net1'),
      link('net1', 3, { kind: 'veth', parentIndex: 21, parentNetns: 0 }),
    ];
    d.node.netns.links = [
      ...others(d.node.netns.links, 'eth1'),
      link('br-cam', 20, { kind: 'bridge', bridge: { snooping: true, querier: false } }),
      link('eth1', 3, { masterIndex: 20, port: { ...OPEN, ...entry } }),
      link('veth1', 21, { kind: 'veth', parentIndex: 3, parentNetns: 1, masterIndex: 20, port: { ...OPEN, ...pod } }),
    ];
    d.rx.flows = [];
    d.node.flows = [flow({ interface: 'eth1' })];
  };

test.each([
  ['multicast is not flooded', { multicastFlood: false }, {}, 'bridge link set dev veth1 mcast_flood on'],
  ['both ports are isolated', { isolated: true }, { isolated: true }, 'bridge link set dev veth1 isolated off'],
  ['the pod’s port blocks', { state: 'blocking' }, {}, 'bridge link set dev veth1 state 3'],
  ['the uplink learns', {}, { state: 'learning' }, 'bridge link set dev eth1 state 3'],
])('fires when %s', (_, pod, entry, run) => {
  const { finding } = ask(rule, bridged(pod, entry));
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.source)).toEqual(['capture', 'links', 'capture']);
  expect(finding?.fixes).toMatchObject([{ kind: 'node', node: 'node1', run }]);
});

test('is silent when the ports are open, when one alone is isolated, when a port is down, and when the pod gets the group', () => {
  expect(ask(rule, bridged({})).outcome).toBe('pass');
  expect(ask(rule, bridged({ isolated: true })).outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      bridged({ state: 'disabled' })(d);
      Object.assign(d.node.netns.links.at(-1)!, { flags: ['BROADCAST'], operstate: 'down' });
    }).outcome,
  ).toBe('pass');
  expect(
    ask(rule, (d) => {
      bridged({ multicastFlood: false })(d);
      d.rx.flows = [flow()];
    }).outcome,
  ).toBe('pass');
});
