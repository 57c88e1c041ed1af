import { expect, test } from 'vitest';
import rule from '../../../src/doctor/rules/source-translated.ts';
import { onPodNetworkAlone, sends } from '../roles.ts';
import { ask, type Draft, flow } from '../snapshot.ts';

const CHAIN = {
  family: 'ip' as const,
  table: 'nat',
  name: 'POSTROUTING',
  hook: 'postrouting' as const,
  priority: 100,
  policy: 'accept' as const,
};

function sendsByEth0(d: Draft): void {
  onPodNetworkAlone(d);
  sends(d, { interface: 'eth0', source: '10.244.1.7' });
}

function masquerades(d: Draft, exempt: boolean): void {
  sendsByEth0(d);
  d.node.netns.multicastRouting.vifs = [{ family: 4, index: 0, interface: 'eth1', packetsIn: 0, packetsOut: 0 }];
  d.node.netns.firewall.chains = [CHAIN];
  d.node.netns.firewall.rules = [
    {
      family: 'ip',
      table: 'nat',
      chain: 'POSTROUTING',
      number: 1,
      text: '-A POSTROUTING -s 10.244.0.0/16 -j MASQUERADE',
      matches: [
        { kind: 'source', prefixes: ['10.244.0.0/16'] },
        ...(exempt ? [{ kind: 'destination' as const, prefixes: ['224.0.0.0/4'], invert: true }] : []),
      ],
      verdict: 'other',
      target: 'MASQUERADE',
    },
  ];
}

test('fires on a rule of the node that matches the group for sure', () => {
  const { finding } = ask(rule, (d) => masquerades(d, false));
  expect(finding?.severity).toBe('warning');
  expect(finding?.evidence.at(-1)?.observed).toContain('MASQUERADE');
  expect(finding?.fixes).toMatchObject([
    { kind: 'node', run: 'iptables -t nat -I POSTROUTING -d 224.0.0.0/4 -j ACCEPT' },
  ]);
});

test('fires when the same datagrams leave the node from another source', () => {
  const { finding } = ask(rule, (d) => {
    sendsByEth0(d);
    d.node.flows = [flow({ interface: 'eth0', direction: 'out', source: '192.0.2.11', ttl: 7 })];
  });
  expect(finding?.title).toContain('from 192.0.2.11 instead of 10.244.1.7');
});

test('is silent where multicast is exempt, and where the source stays', () => {
  expect(ask(rule, (d) => masquerades(d, true)).outcome).toBe('pass');
  expect(ask(rule, sendsByEth0).outcome).toBe('pass');
});
