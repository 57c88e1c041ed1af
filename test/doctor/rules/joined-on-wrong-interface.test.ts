import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/joined-on-wrong-interface.ts';
import noMembership from '../../../src/doctor/rules/no-membership.ts';
import { NETWORKS_ANNOTATION } from '../../../src/model/nad.ts';
import { asksForIpv6, onHostNetwork } from '../roles.ts';
import { ask, type Draft, flow, link, nadConfig, route } from '../snapshot.ts';

function joinedOnEth0(d: Draft): void {
  d.rx.netns.routes = d.rx.netns.routes.filter((r) => !r.destination.startsWith('239.'));
  d.rx.netns.memberships = d.rx.netns.memberships.map((m) => ({ ...m, interface: 'eth0' }));
  d.rx.flows = [];
}

test('fires when the group is on the parent of net1 and the join on eth0', () => {
  const { finding } = ask(rule, joinedOnEth0);
  expect(finding?.severity).toBe('error');
  expect(finding?.title).toBe('239.10.20.30:6000 is joined on eth0, but belongs to net1');
  expect(finding?.fixes).toEqual([
    { kind: 'attachment', namespace: 'video', name: 'mcast', edits: [] },
    { kind: 'recreate' },
  ]);
});

test('turns to the application where the pod has had the attachment’s route all along', () => {
  const { finding } = ask(rule, (d) => {
    const { routes } = d.rx.netns;
    joinedOnEth0(d);
    d.rx.netns.routes = routes;
  });
  expect(finding?.detail).toContain('the application named eth0 itself');
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'application' }]);
});

test('fires on a join on the loopback interface', () => {
  const onLo = (d: Draft) => {
    joinedOnEth0(d);
    d.rx.netns.memberships[0]!.interface = 'lo';
  };
  expect(ask(rule, onLo).finding?.title).toBe('239.10.20.30:6000 is joined on lo, but belongs to net1');
  expect(ask(noMembership, onLo).outcome).toBe('skipped');
});

test('takes the plugin sbr out, which hides the route from joins', () => {
  const { finding } = ask(rule, (d) => {
    joinedOnEth0(d);
    const { cniVersion, name, ...plugin } = JSON.parse(nadConfig());
    d.cluster.attachments[0]!.config = JSON.stringify({ cniVersion, name, plugins: [plugin, { type: 'sbr' }] });
  });
  const [fix] = finding?.fixes ?? [];
  const [edit] = fix?.kind === 'attachment' ? fix.edits : [];
  expect(edit).toMatchObject({ set: 'config', value: expect.not.stringContaining('sbr') });
});

test('gives an attachment without ipam one, since nothing reads its routes', () => {
  const { finding } = ask(rule, (d) => {
    joinedOnEth0(d);
    d.cluster.attachments[0]!.config = nadConfig({ ipam: {} });
  });
  const [fix] = finding?.fixes ?? [];
  const [edit] = fix?.kind === 'attachment' ? fix.edits : [];
  expect(edit).toMatchObject({ set: 'config', value: expect.stringContaining('"type":"static"') });
});

test('takes the same route out of the attachment that has it for another interface', () => {
  const { finding } = ask(rule, (d) => {
    joinedOnEth0(d);
    const config = nadConfig({ name: 'office', master: 'eth0' });
    d.cluster.attachments.push({ namespace: 'video', name: 'office', config });
    d.pod.annotations[NETWORKS_ANNOTATION] = 'mcast,office';
    d.rx.netns.links.push(link('net2', 7, { kind: 'macvlan', mode: 'bridge', parentIndex: 2, parentNetns: 0 }));
    d.rx.netns.routes.push(route('239.10.20.30/32', 'net2'));
    d.rx.netns.memberships[0]!.interface = 'net2';
  });
  expect(finding?.fixes[1]).toEqual({
    kind: 'attachment',
    namespace: 'video',
    name: 'office',
    edits: [{ drop: 'route', dst: '239.10.20.30/32' }],
  });
});

test('routes the group on the node for a hostNetwork pod', () => {
  const { finding } = ask(rule, (d) => {
    onHostNetwork(d);
    d.rx.netns.memberships = d.rx.netns.memberships.map((m) => ({ ...m, interface: 'eth0' }));
  });
  expect(finding?.fixes[0]).toMatchObject({
    kind: 'node',
    node: 'node1',
    run: 'ip route replace 239.10.20.30/32 dev eth1',
  });
});

test('turns to the application for IPv6, where no route of an attachment helps', () => {
  const { finding } = ask(rule, (d) => {
    asksForIpv6(d);
    joinedOnEth0(d);
  });
  expect(finding?.fixes).toMatchObject([{ kind: 'advice', on: 'application' }]);
});

test('is silent when it is joined there too, or arrives where it is joined', () => {
  expect(ask(rule).outcome).toBe('pass');
  const both = ask(rule, (d) => {
    const { memberships } = d.rx.netns;
    joinedOnEth0(d);
    d.rx.netns.memberships.push(...memberships);
  });
  expect(both.outcome).toBe('pass');
  const arrives = ask(rule, (d) => {
    joinedOnEth0(d);
    d.rx.flows = [flow({ interface: 'eth0' })];
  });
  expect(arrives.outcome).toBe('pass');
});
