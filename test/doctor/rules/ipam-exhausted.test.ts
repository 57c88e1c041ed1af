import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/ipam-exhausted.ts';
import { ask, type Draft, nadConfig, neverStarted } from '../snapshot.ts';

const RANGE = {
  ranges: [[{ subnet: '10.50.0.0/24', rangeStart: '10.50.0.20', rangeEnd: '10.50.0.21' }]],
  subnet: undefined,
};
const other = (pod: string, ip: string) => ({
  pod,
  namespace: 'video',
  node: 'node1',
  network: 'video/mcast',
  ips: [ip],
});

function full(
  d: Draft,
  message = 'failed to allocate for range 0: no IP addresses available in range set: 10.50.0.20-10.50.0.21',
): void {
  d.cluster.attachments[0]!.config = nadConfig({}, RANGE);
  neverStarted(d, { reason: 'FailedCreatePodSandBox', message });
  d.cluster.podAddresses = [other('a', '10.50.0.20'), other('b', '10.50.0.21')];
  d.cni.reservations = [
    { network: 'mcast', address: '10.50.0.20' },
    { network: 'mcast', address: '10.50.0.21' },
  ];
}

test('enlarges the pool by addresses that nobody has', () => {
  const { finding } = ask(rule, (d) => {
    full(d);
    d.cluster.podAddresses.push(other('c', '10.50.0.24'));
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.observed)).toContain('3 pods have an address of it');
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['advice', 'attachment', 'recreate']);
  expect(JSON.stringify(finding?.fixes[1])).toContain('\\"rangeEnd\\":\\"10.50.0.23\\"');
});

test('gives back what pods that are gone have left', () => {
  const { finding } = ask(rule, (d) => {
    full(d);
    d.cluster.podAddresses = [other('a', '10.50.0.20')];
  });
  expect(finding?.evidence.at(-1)?.observed).toBe('reserved, and no pod’s: 10.50.0.21');
  const [fix] = finding?.fixes ?? [];
  expect(fix).toMatchObject({ kind: 'node', node: 'node1' });
  expect(fix?.kind === 'node' && fix.run).toMatch(/find '\/var\/lib\/cni\/networks\/mcast' .* -mmin \+1/);
});

test('whereabouts, and a pool that cannot grow', () => {
  const { finding } = ask(rule, (d) => {
    full(d, 'Could not allocate IP in range: ip: 10.50.0.250 / - 10.50.0.254 / range: 10.50.0.0/24');
    const ipam = { type: 'whereabouts', range: '10.50.0.0/24', range_start: '10.50.0.250', range_end: '10.50.0.254' };
    d.cluster.attachments[0]!.config = nadConfig({ ipam });
  });
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['advice']);
});

test('another attachment’s range and a pod that runs are no case of this', () => {
  expect(ask(rule, (d) => full(d, 'no IP addresses available in range set: 10.244.1.1-10.244.1.254')).outcome).toBe(
    'pass',
  );
  expect(ask(rule).outcome).toBe('skipped');
});

test('another failure is another rule’s', () => {
  expect(ask(rule, (d) => full(d, 'failed to create macvlan: device or resource busy')).outcome).toBe('pass');
});
