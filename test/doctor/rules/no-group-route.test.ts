import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/no-group-route.ts';
import { silence } from '../roles.ts';
import { ask, type Draft, route } from '../snapshot.ts';

/** The application could neither join nor send. */
function withoutRoute(d: Draft): void {
  d.rx.netns.routes = d.rx.netns.routes.filter((r) => r.protocol === 'kernel');
  d.rx.netns.memberships = [];
  silence(d);
}

test('fires when the lookup finds nothing and nothing was joined or sent', () => {
  const { finding } = ask(rule, withoutRoute);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toContain('ENETUNREACH');
  expect(finding?.fixes).toEqual([
    { kind: 'attachment', namespace: 'video', name: 'mcast', edits: [] },
    { kind: 'recreate' },
  ]);
});

test('names the error of a route that refuses', () => {
  const { finding } = ask(rule, (d) => {
    withoutRoute(d);
    d.rx.netns.routes.push({ ...route('224.0.0.0/4', 'net1'), type: 'prohibit', nextHops: [] });
  });
  expect(finding?.title).toContain('EACCES');
});

test('is silent where the default route leads to it, and where the application named the interface', () => {
  const byDefault = ask(rule, (d) => {
    withoutRoute(d);
    d.rx.netns.routes.push(route('0.0.0.0/0', 'eth0', { gateway: '10.244.1.1' }));
  });
  expect(byDefault.outcome).toBe('pass');
  const named = ask(rule, (d) => {
    const { memberships } = d.rx.netns;
    withoutRoute(d);
    d.rx.netns.memberships = memberships;
  });
  expect(named.outcome).toBe('skipped');
});
