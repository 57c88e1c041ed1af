import { expect, it } from 'vitest';
import { castOf } from '../../src/conformance/cast.ts';
import { missingCase, pathCase } from '../../src/conformance/path-case.ts';
import type { Role } from '../../src/conformance/placement.ts';
import type { NoPod, OwnPod } from '../../src/conformance/pods.ts';
import { type Scene, scenesOf } from '../../src/conformance/script.ts';
import { pathsOf } from '../../src/probe/paths.ts';
import { groupFlow } from '../../src/probe/plan.ts';
import { localVantage } from '../../src/vantage/local.ts';
import { heard, planOf, pod, receiverSeen, senderSeen } from '../probe/measured.ts';

const [TX, RX] = [pod('tx', 'node1'), pod('rx', 'node2')];
const scene = (more: Partial<Scene> = {}): Scene => ({
  id: 'cross-node',
  test: 'main',
  from: { label: 'pod node1', end: TX },
  to: { label: 'pod node2', end: RX },
  ...more,
});

/** Of a hundred datagrams so many came, with this TTL; and of ten by unicast. */
function path(came: number, unicast: number, ttl = 16) {
  const plan = planOf([TX], [RX]);
  const group =
    came === 0 ? [] : [heard(groupFlow(0), { unique: came, ways: [{ interface: 'eth0', ttl, packets: came }] })];
  const seen = {
    senders: [senderSeen(plan, 0)],
    receivers: [receiverSeen(plan, 0, group, { control: unicast })],
  };
  return pathsOf(plan, seen, { share: 1 })[0]!;
}

it('takes what came for arriving, and tells a router by the TTL', () => {
  expect(pathCase(scene(), path(100, 10), 16)).toMatchObject({
    observed: 'arrives',
    from: 'pod node1',
    to: 'pod node2',
    sent: 100,
    received: 100,
    ttl: [16],
    evidence: 'on eth0, TTL 16 as sent; unicast to 10.244.0.9: 10 of 10',
  });
  expect(pathCase(scene(), path(40, 10, 15), 16)).toMatchObject({
    observed: 'arrives',
    evidence: 'on eth0, TTL 15 of 16; 60 were lost; unicast to 10.244.0.9: 10 of 10',
  });
});

it('takes silence for none only where unicast arrives, or cannot be expected to', () => {
  expect(pathCase(scene(), path(0, 10), 16)).toMatchObject({ observed: 'nothing', received: 0 });
  const cut = pathCase(scene(), path(0, 0), 16);
  expect([cut.observed, cut.reason]).toEqual([
    'unknown',
    expect.stringMatching(/unicast to 10.244.0.9 does not arrive either/),
  ]);
  expect(pathCase(scene({ test: 'inward' }), path(0, 0), 16).observed).toBe('nothing');
});

it('knows nothing where the test did not take place', () => {
  const broken = { ...path(0, 0), outcome: 'unknown', reason: 'no python3' } as const;
  expect(pathCase(scene(), broken, 16)).toMatchObject({ observed: 'unknown', reason: 'no python3', sent: 0 });
});

function made(role: Role, node: string, refused?: string): OwnPod | NoPod {
  const placement = { role, node, namespace: 'n', hostNetwork: false };
  const pod = { metadata: { name: `${role}-${node}`, namespace: 'n' }, spec: { containers: [] } };
  return refused === undefined ? { placement, pod, image: 'i', vantage: localVantage() } : { placement, refused };
}

it('says why a part is missing', () => {
  const missing = { other: 'no other namespace', host: 'forbidden', outside: 'not asked' };
  const pods = [made('sender', 'node1'), made('member', 'node1', 'quota')];
  const reasons = scenesOf(castOf(['node1'], pods, missing)).map((one) => [one.id, missingCase(one).reason]);
  const alone = 'there is one node only, and two are needed';
  expect(Object.fromEntries(reasons)).toEqual({
    'same-node': 'no pod for it: quota',
    'cross-node': alone,
    'cross-namespace-same-node': 'no other namespace',
    'cross-namespace-cross-node': alone,
    'to-host-same-node': 'forbidden',
    'to-host-cross-node': alone,
    'from-host-same-node': 'forbidden',
    'from-host-cross-node': 'forbidden',
    'to-outside': 'not asked',
    'from-outside': 'not asked',
    'link-local-same-node': 'no pod for it: quota',
    'link-local-cross-node': alone,
  });
});

it('runs each case with its ends, further nodes and this machine among them', () => {
  const nodes = ['node1', 'node2', 'node3'];
  const pods = [made('sender', 'node1'), ...nodes.map((node) => made('member', node))];
  const scenes = scenesOf(castOf(nodes, pods, { other: '-', host: '-' }));
  const ready = scenes.filter(({ from, to }) => 'end' in from && 'end' in to);
  expect(ready.map(({ id, test, from, to }) => `${test} ${id}: ${from.label} → ${to.label}`)).toEqual([
    'main same-node: pod node1 → pod node1',
    'main cross-node: pod node1 → pod node2',
    'main cross-node: pod node1 → pod node3',
    'outward to-outside: pod node1 → local',
    'inward from-outside: local → pod node1',
    'inward from-outside: local → pod node2',
    'link-local link-local-same-node: pod node1 → pod node1',
    'link-local link-local-cross-node: pod node1 → pod node2',
  ]);
});
