import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/bridge-netfilter-drops.ts';
import { NETWORKS_ANNOTATION } from '../../../src/model/nad.ts';
import { ask, type Draft, flow, link } from '../snapshot.ts';

/** A sibling on the same bridge sends, and the FORWARD policy drops. */
function bridged(d: Draft): void {
  d.rx.netns.links = d.rx.netns.links.filter((l) => l.name !== 'net1');
  d.rx.netns.memberships[0]!.interface = 'eth0';
  delete d.pod.annotations[NETWORKS_ANNOTATION];
  d.pod.status = d.pod.status!.filter((s) => s.default);
  d.rx.flows = [];
  d.node.netns.links.push(link('veth8', 10, { kind: 'veth', parentIndex: 2, parentNetns: 2, masterIndex: 5 }));
  d.node.flows = [flow({ interface: 'veth8', source: '10.244.1.8' })];
  d.node.netns.sysctls['net.bridge.bridge-nf-call-iptables'] = '1';
  d.node.netns.firewall = {
    tool: 'iptables-save',
    chains: [{ family: 'ip', table: 'filter', name: 'FORWARD', hook: 'forward', policy: 'drop', packets: 20 }],
    rules: [],
  };
  d.node.movedFirewall = [{ family: 'ip', table: 'filter', chain: 'FORWARD', text: 'policy drop', packets: 10 }];
}

test('accepts the group in FORWARD', () => {
  const { finding } = ask(rule, bridged);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.at)).toEqual([
    'node/node1 veth8',
    'node/node1 veth7',
    'node/node1',
    'node/node1',
  ]);
  const match = 'FORWARD -d 239.10.20.30/32 -m physdev --physdev-is-bridged -j ACCEPT';
  expect(finding?.fixes).toMatchObject([{ kind: 'node', run: `iptables -I ${match}`, undo: `iptables -D ${match}` }]);
});

test('a table of nft’s own is opened by nft', () => {
  const { finding } = ask(rule, (d) => {
    bridged(d);
    d.node.netns.firewall.chains = [
      { family: 'inet', table: 'site', name: 'fwd', hook: 'forward', policy: 'drop', packets: 20 },
    ];
    d.node.movedFirewall = [{ family: 'inet', table: 'site', chain: 'fwd', text: 'policy drop', packets: 10 }];
  });
  expect(finding?.fixes[0]).toMatchObject({ run: 'nft insert rule inet site fwd ip daddr 239.10.20.30 accept' });
});

test('is silent when bridged frames bypass the filter, when nothing was dropped, and when the pod gets the group', () => {
  const off = (d: Draft) => {
    d.node.netns.sysctls['net.bridge.bridge-nf-call-iptables'] = '0';
  };
  expect(
    ask(rule, (d) => {
      bridged(d);
      off(d);
    }).outcome,
  ).toBe('pass');
  expect(
    ask(rule, (d) => {
      bridged(d);
      d.node.movedFirewall = [];
    }).outcome,
  ).toBe('pass');
  expect(
    ask(rule, (d) => {
      bridged(d);
      d.rx.flows = [flow({ interface: 'eth0' })];
    }).outcome,
  ).toBe('pass');
});
