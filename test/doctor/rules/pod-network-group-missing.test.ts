import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/pod-network-group-missing.ts';
import type { CiliumGroups } from '../../../src/facts/snapshot.ts';
import { known, unknown } from '../../../src/model/fact.ts';
import { onPodNetworkAlone, sends } from '../roles.ts';
import { ask, type Draft } from '../snapshot.ts';

const GROUP = '239.10.20.30';
const agent = (node: string, groups: string[], subscribers: { address: string; remote: boolean }[]): CiliumGroups => ({
  node,
  pod: `cilium-${node}`,
  namespace: 'kube-system',
  groups: known(groups),
  subscribers: known(subscribers.map((s) => ({ ...s, group: GROUP }))),
});
const REMOTE = { address: '10.244.9.9', remote: true };
const OWN = { address: '10.244.1.7', remote: false };

const tables =
  (...agents: CiliumGroups[]) =>
  (d: Draft) => {
    onPodNetworkAlone(d);
    d.cluster.podNetwork = {
      name: 'cilium',
      evidence: 'DaemonSet kube-system/cilium',
      settings: { 'multicast-enabled': 'true' },
      groups: known(agents),
    };
  };

test.each([
  [
    'a node without the group',
    [agent('node1', [GROUP], [OWN, REMOTE]), agent('node2', [], [])],
    'does not know 239.10.20.30 on node2',
  ],
  [
    'a pod that joined before the group was added',
    [agent('node1', [GROUP], [REMOTE]), agent('node2', [GROUP], [REMOTE])],
    'no subscriber for pod/rx',
  ],
  [
    'nodes that are not told of each other',
    [agent('node1', [GROUP], [OWN]), agent('node2', [GROUP], [])],
    'on node1 and node2 forwards 239.10.20.30 to no other node',
  ],
])('fires on %s', (_, agents, title) => {
  const { finding } = ask(rule, tables(...agents));
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain(title);
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['cluster', 'recreate']);
});

const complete = tables(agent('node1', [GROUP], [OWN, REMOTE]), agent('node2', [GROUP], [REMOTE]));

test('is silent when group and subscribers are there, and a sender needs no subscription', () => {
  expect(ask(rule, complete).outcome).toBe('pass');
  const sender = ask(rule, (d) => {
    tables(agent('node1', [GROUP], [REMOTE]), agent('node2', [GROUP], [REMOTE]))(d);
    sends(d, { interface: 'eth0', source: '10.244.1.7' });
  });
  expect(sender.outcome).toBe('pass');
});

test('does not take tables that could not be read for empty ones', () => {
  const unread = {
    ...agent('node1', [], []),
    groups: unknown('exec is forbidden'),
    subscribers: unknown('exec is forbidden'),
  };
  expect(ask(rule, tables(unread)).outcome).toBe('pass');
});

test('has nothing to say of other networks', () => {
  expect(ask(rule, onPodNetworkAlone).outcome).toBe('skipped');
});
