import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/firewall-drops-multicast.ts';
import { drops } from '../firewall.ts';
import { sends } from '../roles.ts';
import { ask, type Draft, flow, link } from '../snapshot.ts';

const GROUP = [{ kind: 'destination' as const, prefixes: ['239.0.0.0/8'] }];

function dropped(d: Draft): void {
  drops(d, 'input', GROUP, '-A INPUT -d 239.0.0.0/8 -j DROP', 10);
  d.rx.moved = { 'IpExt.InMcastPkts': 10 };
}

test('fires on a rule that drops what arrives', () => {
  const { finding } = ask(rule, dropped);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.observed)).toEqual([
    'firewall rule "-A INPUT -d 239.0.0.0/8 -j DROP": 10 packets during the look',
    '10 datagrams from 10.50.0.9 to port 6000, TTL 8',
    'datagrams that applications read meanwhile: 0',
  ]);
});

test('fires on a rule that drops what a sender sends', () => {
  const { finding } = ask(rule, (d) => {
    sends(d);
    drops(d, 'output', GROUP, '-A OUTPUT -d 239.0.0.0/8 -j DROP', 10);
  });
  expect(finding?.title).toContain('on its way out');
});

test('suspects a filter that could not be listed when the stream vanishes below the socket', () => {
  const vanishes = (d: Draft) => {
    d.rx.moved = { 'IpExt.InMcastPkts': 10 };
    d.missing.firewall = 'iptables-save: not found';
  };
  expect(ask(rule, vanishes).finding?.title).toContain('a packet filter that kmcast may not list');
  const ignored = ask(rule, (d) => {
    vanishes(d);
    d.rx.moved['Udp.IgnoredMulti'] = 10;
  });
  expect(ignored.outcome).toBe('pass');
});

test('is silent when the application reads the stream, and when the rule is for another group', () => {
  const reads = ask(rule, (d) => {
    dropped(d);
    d.rx.moved['Udp.InDatagrams'] = 10;
  });
  expect(reads.outcome).toBe('pass');
  const other = ask(rule, (d) => {
    dropped(d);
    drops(d, 'input', [{ kind: 'destination', prefixes: ['238.0.0.0/8'] }], '-A INPUT -d 238.0.0.0/8 -j DROP');
  });
  expect(other.outcome).toBe('pass');
});

/** A chain of nftables' own with one rule that drops the group. */
function nft(d: Draft, where: 'rx' | 'node', family: 'netdev' | 'bridge', hook: 'ingress' | 'forward'): void {
  d[where].netns.firewall = {
    tool: 'nft',
    chains: [{ family, table: 'g', name: 'c', hook, priority: 0, policy: 'accept' }],
    rules: [
      { family, table: 'g', chain: 'c', number: 1, handle: 2, text: 'drop', matches: [...GROUP], verdict: 'drop' },
    ],
  };
}

test('fires on a chain at ingress of the pod’s interface, unless the IP layer counts the stream', () => {
  const atIngress = (d: Draft) => {
    nft(d, 'rx', 'netdev', 'ingress');
    d.rx.moved = {};
  };
  expect(ask(rule, atIngress).finding?.fixes).toMatchObject([
    { kind: 'node', run: expect.stringContaining('nft insert rule netdev g c position 2 ip daddr 239.10.20.30') },
  ]);
  const counted = ask(rule, (d) => {
    atIngress(d);
    d.rx.moved = { 'IpExt.InMcastPkts': 10 };
  });
  expect(counted.outcome).toBe('pass');
});

test('fires on the node’s filter at ingress of the parent, where the stream comes in and the pod sees nothing', () => {
  const onNode = (d: Draft) => {
    nft(d, 'node', 'netdev', 'ingress');
    d.rx.flows = [];
    d.rx.moved = {};
  };
  const { finding } = ask(rule, onNode);
  expect(finding?.severity).toBe('error');
  expect(finding?.evidence.map((e) => e.at)).toEqual(['node/node1 eth1', 'node/node1', 'pod/rx net1']);
  expect(finding?.fixes).toMatchObject([
    { kind: 'node', run: 'nft insert rule netdev g c position 2 ip daddr 239.10.20.30 udp dport 6000 accept' },
  ]);
  const heard = ask(rule, (d) => {
    onNode(d);
    d.rx.flows = [flow()];
    d.rx.moved = { 'IpExt.InMcastPkts': 10, 'Udp.InDatagrams': 10 };
  });
  expect(heard.outcome).toBe('pass');
});

test('fires on the filter of the node’s bridges, between the port of the stream and the pod’s', () => {
  const { finding } = ask(rule, (d) => {
    nft(d, 'node', 'bridge', 'forward');
    d.rx.netns.links[2] = link('net1', 3, { kind: 'veth', parentIndex: 21, parentNetns: 0 });
    d.node.netns.links = [
      link('br-cam', 20, { kind: 'bridge' }),
      link('eth1', 3, { masterIndex: 20 }),
      link('veth1', 21, { kind: 'veth', parentIndex: 3, parentNetns: 1, masterIndex: 20 }),
    ];
    d.rx.flows = [];
    d.rx.moved = {};
  });
  expect(finding?.detail).toContain('family bridge');
  expect(finding?.fixes).toMatchObject([{ kind: 'node', run: expect.stringContaining('nft insert rule bridge g c') }]);
});
