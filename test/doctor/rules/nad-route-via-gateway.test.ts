import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-route-via-gateway.ts';
import { ask, route } from '../snapshot.ts';

test('warns of a group route with a gateway on the secondary interface', () => {
  const { finding } = ask(rule, (d) => {
    d.rx.netns.routes[3] = route('224.0.0.0/4', 'net1', { gateway: '10.50.0.1' });
  });
  expect(finding?.severity).toBe('warning');
  expect(finding?.title).toContain('10.50.0.1');
  expect(finding?.evidence[0]).toEqual({
    at: 'pod/rx net1',
    source: 'routes',
    observed: '224.0.0.0/4 via 10.50.0.1 dev net1',
  });
  expect(finding?.fixes).toEqual([{ kind: 'attachment', namespace: 'video', name: 'mcast', edits: [] }]);
});

test('the default route’s gateway is ignored for groups, and link-scope routes have none', () => {
  expect(ask(rule).outcome).toBe('pass');
});
