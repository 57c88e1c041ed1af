import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/ipblock-multicast-ingress.ts';
import { findings, fixture } from '../manifests.ts';
import { ask } from '../snapshot.ts';

const policy = (d: { cluster: { policies: unknown[] } }, more: object) =>
  d.cluster.policies.push({
    namespace: 'video',
    name: 'stream',
    kind: 'NetworkPolicy',
    selectsTarget: true,
    types: ['Ingress'],
    egressPrefixes: [],
    ingressPrefixes: ['224.0.0.0/4'],
    ...more,
  });

test('in files, with the line; egress is where a group belongs', () => {
  const found = findings(rule, fixture('myths'));
  expect(found.map((f) => [f.severity, f.evidence])).toEqual([
    [
      'warning',
      [
        {
          at: 'myths/networks.yaml:47',
          source: 'NetworkPolicy video/allow-stream ingress ipBlock',
          observed: '224.0.0.0/4',
        },
      ],
    ],
  ]);
});

test('in a cluster, of policies that select the pod', () => {
  expect(ask(rule, (d) => policy(d, {})).finding?.evidence[0]?.at).toBe('NetworkPolicy video/stream');
  expect(ask(rule, (d) => policy(d, { selectsTarget: false })).outcome).toBe('pass');
  expect(ask(rule, (d) => policy(d, { ingressPrefixes: ['0.0.0.0/0', '10.0.0.0/8'] })).outcome).toBe('pass');
});

test('is unknown where policies could not be read', () => {
  const { outcome } = ask(rule, (d) => {
    d.missing.policies = 'forbidden';
  });
  expect(outcome).toBe('unknown');
});
