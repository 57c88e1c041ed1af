import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/routes-lost.ts';
import { ask, type Draft, flow, nadConfig } from '../snapshot.ts';

/** What a flap of net1 leaves: the connected route alone. */
function flap(d: Draft): void {
  d.rx.netns.routes = d.rx.netns.routes.filter((r) => r.destination !== '239.10.20.30/32');
}

test('a lost group route sent the join elsewhere', () => {
  const { finding } = ask(rule, (d) => {
    flap(d);
    d.rx.netns.memberships[0]!.interface = 'eth0';
    d.rx.flows = [];
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.slice(0, 2).map((e) => e.observed)).toEqual(['239.10.20.30/32', 'has 10.50.0.0/24 alone']);
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attachment', 'recreate', 'alternative']);
});

test('a lost route to the source lets the reverse-path filter drop the stream', () => {
  const { finding } = ask(rule, (d) => {
    d.cluster.attachments[0]!.config = nadConfig({}, { routes: [{ dst: '172.31.9.0/24', gw: '10.50.0.254' }] });
    d.rx.flows = [flow({ source: '172.31.9.9' })];
    d.node.flows = [flow({ interface: 'eth1', source: '172.31.9.9' })];
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.fixes.at(-1)).toMatchObject({ run: 'ip route replace 172.31.9.0/24 via 10.50.0.254 dev net1' });
});

test('a receiver that is still a member is warned of what its restart will meet', () => {
  expect(ask(rule, flap).finding?.severity).toBe('warning');
});

test('routes that this group does not need, and routes in another table, are none of its business', () => {
  const unrelated = ask(rule, (d) => {
    d.cluster.attachments[0]!.config = nadConfig(
      {},
      { routes: [{ dst: '203.0.113.0/24' }, { dst: '239.10.20.30/32' }] },
    );
  });
  expect(unrelated.outcome).toBe('pass');
  const moved = ask(rule, (d) => {
    d.rx.netns.routes[3]!.table = 100;
  });
  expect(moved.outcome).toBe('pass');
  expect(
    ask(rule, (d) => {
      d.missing.routes = 'not readable';
    }).outcome,
  ).toBe('unknown');
});

test('an interface that is not there has other rules', () => {
  const { outcome } = ask(rule, (d) => {
    flap(d);
    d.rx.netns.links = d.rx.netns.links.filter((l) => l.name !== 'net1');
    d.rx.netns.memberships = [];
    d.rx.flows = [];
  });
  expect(outcome).toBe('pass');
});
