import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-route-too-broad.ts';
import { ask, type Draft, nadConfig, route } from '../snapshot.ts';

function broad(d: Draft, dst: string): void {
  d.cluster.attachments[0]!.config = nadConfig({}, { routes: [{ dst }] });
  d.rx.netns.routes.push(route(dst, 'net1', { gateway: '10.50.0.1' }));
}

test('warns of a prefix that takes Services and pods away', () => {
  const { finding } = ask(rule, (d) => broad(d, '10.0.0.0/8'));
  expect(finding?.severity).toBe('warning');
  expect(finding?.title).toBe('route 10.0.0.0/8 sends the Service address 10.96.0.1 out of net1');
  expect(finding?.fixes[0]).toMatchObject({ edits: [{ drop: 'route', dst: '10.0.0.0/8' }] });
});

test('and of one that takes the nodes away', () => {
  expect(ask(rule, (d) => broad(d, '192.0.0.0/8')).finding?.title).toContain('node node1 192.0.2.11');
});

test('is silent on group routes, on networks behind the attachment, and where a longer prefix wins', () => {
  expect(ask(rule, (d) => broad(d, '224.0.0.0/4')).outcome).toBe('pass');
  expect(ask(rule, (d) => broad(d, '172.31.9.0/24')).outcome).toBe('pass');
  const shadowed = ask(rule, (d) => {
    broad(d, '10.0.0.0/8');
    d.rx.netns.routes.push(route('10.96.0.0/12', 'eth0', { gateway: '10.244.1.1' }));
  });
  expect(shadowed.outcome).toBe('pass');
});
