import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/default-route-moved.ts';
import { ask, type Draft, nadConfig, route } from '../snapshot.ts';

function moved(d: Draft): void {
  d.cluster.attachments[0]!.config = nadConfig({}, { routes: [{ dst: '0.0.0.0/0' }] });
  d.rx.netns.routes.unshift(route('0.0.0.0/0', 'net1', { gateway: '10.50.0.1' }));
}

test('warns that Services are out of reach, and drops the route', () => {
  const { finding } = ask(rule, moved);
  expect(finding?.severity).toBe('warning');
  expect(finding?.evidence.map((e) => e.observed)).toEqual([
    '0.0.0.0/0 via 10.50.0.1 dev net1',
    'the Service address 10.96.0.1 leaves by net1',
  ]);
  expect(finding?.fixes[0]).toEqual({
    kind: 'attachment',
    namespace: 'video',
    name: 'mcast',
    edits: [{ drop: 'route', dst: '0.0.0.0/0' }],
  });
});

test('a default route that Services do not follow is no fault', () => {
  const { outcome } = ask(rule, (d) => {
    moved(d);
    for (const prefix of ['10.96.0.0/12', '10.244.0.0/16'])
      d.rx.netns.routes.push(route(prefix, 'eth0', { gateway: '10.244.1.1' }));
  });
  expect(outcome).toBe('pass');
  expect(ask(rule).outcome).toBe('pass');
});
