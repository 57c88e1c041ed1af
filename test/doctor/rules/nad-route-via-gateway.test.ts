import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/nad-route-via-gateway.ts';
import { findings } from '../manifests.ts';
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

const nad = (ipam: object) =>
  `apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\nmetadata: {name: m}\nspec:\n  config: '${JSON.stringify({ type: 'macvlan', ipam })}'\n`;
const routes = [{ dst: '239.1.0.0/16' }];

test.each([
  [
    'host-local',
    { type: 'host-local', subnet: '10.0.0.0/24', routes },
    'to which host-local adds the subnet’s first address',
  ],
  [
    'host-local with a gateway',
    { type: 'host-local', ranges: [[{ subnet: '10.0.0.0/24', gateway: '10.0.0.9' }]], routes },
    'to which host-local adds 10.0.0.9',
  ],
  [
    'static with a gateway',
    { type: 'static', addresses: [{ address: '10.0.0.2/24', gateway: '10.0.0.1' }], routes },
    'to which static adds 10.0.0.1',
  ],
  [
    'a gateway that is written',
    { type: 'whereabouts', range: '10.0.0.0/24', routes: [{ dst: '224.0.0.0/4', gw: '10.0.0.7' }] },
    '224.0.0.0/4 via 10.0.0.7',
  ],
])('of files, by what the IPAM plugin makes of them: %s', (_, ipam, seen) => {
  const [found] = findings(rule, nad(ipam));
  expect([found?.severity, found?.evidence[0]?.at]).toEqual(['warning', 'a.yaml:5 net-attach-def/m']);
  expect(found?.evidence[0]?.observed).toContain(seen);
});

test.each([
  ['link scope', { type: 'host-local', subnet: '10.0.0.0/24', routes: [{ dst: '224.0.0.0/4', gw: '0.0.0.0' }] }],
  ['static without a gateway', { type: 'static', addresses: [{ address: '10.0.0.2/24' }], routes }],
  ['no group', { type: 'host-local', subnet: '10.0.0.0/24', routes: [{ dst: '10.9.0.0/16' }, { dst: '0.0.0.0/0' }] }],
])('of files, silent: %s', (_, ipam) => expect(findings(rule, nad(ipam))).toEqual([]));

test('is unknown where neither routes nor attachments were read', () => {
  const { outcome } = ask(rule, (d) => {
    d.missing.routes = 'forbidden';
    d.missing.attachments = 'forbidden too';
  });
  expect(outcome).toBe('unknown');
});
