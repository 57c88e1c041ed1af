import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/multicast-routing-missing.ts';
import { onPodNetworkAlone } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const entry = (change: object) => ({
  family: 4 as const,
  group: '239.10.20.30',
  origin: '10.50.0.9',
  input: 0,
  packets: 0,
  bytes: 0,
  wrong: 0,
  outputs: [{ vif: 1, ttl: 1 }],
  ...change,
});

/** The node routes between the LAN and its pods' bridge; the stream is on the LAN. */
function routes(d: Draft, ...cache: ReturnType<typeof entry>[]): void {
  onPodNetworkAlone(d);
  d.node.flows = [flow({ interface: 'eth1' })];
  const vif = { family: 4 as const, packetsIn: 0, packetsOut: 0 };
  d.node.netns.multicastRouting = {
    vifs: [
      { ...vif, index: 0, interface: 'eth1' },
      { ...vif, index: 1, interface: 'cni0' },
    ],
    cache,
  };
}

test.each([
  ['has no entry', []],
  ['its entry is unresolved', [entry({ input: -1, outputs: [] })]],
  ['expects it on cni0 instead of eth1', [entry({ input: 1, wrong: 7 })]],
  ['does not lead it to cni0', [entry({ outputs: [] })]],
] as const)('fires when the node %s', (what, cache) => {
  const { finding } = ask(rule, (d) => routes(d, ...cache));
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain(what);
  expect(finding?.advice).toContain('smcroutectl add eth1 10.50.0.9 239.10.20.30 cni0');
});

test('is silent when the group is routed to the pod', () => {
  expect(ask(rule, (d) => routes(d, entry({}))).outcome).toBe('pass');
});

test('is silent when the routing is for others, or there is none, or the stream is not here', () => {
  const others = ask(rule, (d) => {
    routes(d);
    d.node.netns.multicastRouting.vifs = d.node.netns.multicastRouting.vifs.filter((v) => v.interface !== 'cni0');
  });
  expect(others.outcome).toBe('pass');
  const gone = ask(rule, (d) => {
    routes(d);
    d.node.flows = [];
  });
  expect(gone.outcome).toBe('pass');
  expect(ask(rule, onPodNetworkAlone).outcome).toBe('skipped');
});
