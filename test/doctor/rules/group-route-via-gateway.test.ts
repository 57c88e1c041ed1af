import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/group-route-via-gateway.ts';
import { sends } from '../roles.ts';
import { ask, type Draft, route } from '../snapshot.ts';

function viaGateway(d: Draft): void {
  d.rx.netns.routes = [
    ...d.rx.netns.routes.filter((r) => r.destination !== '239.10.20.30/32'),
    route('224.0.0.0/4', 'net1', { gateway: '10.50.0.1' }),
  ];
}

test('fires on a sender whose frames go to a unicast MAC', () => {
  const { finding } = ask(rule, (d) => {
    viaGateway(d);
    sends(d, { destinationMac: '02:00:00:00:50:01' });
  });
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.observed).join()).toContain('02:00:00:00:50:01');
  expect(finding?.evidence.map((e) => e.observed)).toContain('224.0.0.0/4 via 10.50.0.1 dev net1');
  expect(finding?.fixes.map((f) => f.kind)).toEqual(['attachment', 'recreate', 'alternative']);
});

test('fires when the gateway does not answer, so that nothing leaves at all', () => {
  const silent = (d: Draft) => {
    viaGateway(d);
    sends(d);
    d.rx.flows = [];
    d.rx.netns.neighbours = [{ family: 4, interface: 'net1', address: '10.50.0.1', state: 'failed' }];
  };
  expect(ask(rule, silent).finding?.severity).toBe('error');
  // A gateway that other routes use may have failed for something else.
  const shared = ask(rule, (d) => {
    silent(d);
    d.rx.netns.routes.push(route('172.31.9.0/24', 'net1', { gateway: '10.50.0.1' }));
  });
  expect(shared.outcome).toBe('skipped');
});

test('is silent on frames to the group’s MAC, whatever the route, and on pods that only receive', () => {
  expect(
    ask(rule, (d) => {
      viaGateway(d);
      sends(d);
    }).outcome,
  ).toBe('pass');
  expect(ask(rule, viaGateway).outcome).toBe('skipped');
});
