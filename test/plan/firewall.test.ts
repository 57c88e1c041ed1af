import { expect, test } from 'vitest';
import type { Datagram, Stopper } from '../../src/model/firewall.ts';
import type { FirewallRule } from '../../src/model/packet-filter.ts';
import { acceptCommand } from '../../src/plan/firewall.ts';

const datagram: Datagram = {
  family: 4,
  hook: 'input',
  destination: '239.1.2.3',
  destinationPort: 5007,
  protocol: 17,
  inputInterface: 'net1',
};

function rule(change: Partial<FirewallRule>): Stopper {
  const base = { family: 'ip', table: 'filter', chain: 'INPUT', number: 3, matches: [], verdict: 'drop' } as const;
  return { kind: 'rule', rule: { ...base, text: '-A INPUT -j DROP', ...change } };
}

function policy(family: 'ip' | 'inet', table: string, name: string): Stopper {
  return { kind: 'policy', chain: { family, table, name, hook: 'input', policy: 'drop' } };
}

test('iptables: before the rule, by its number; undone by the same words', () => {
  const match = '-i net1 -d 239.1.2.3/32 -p udp --dport 5007 -j ACCEPT';
  expect(acceptCommand(rule({}), datagram, 'iptables-nft')).toEqual({
    run: `iptables -I INPUT 3 ${match}`,
    undo: `iptables -D INPUT ${match}`,
  });
  expect(acceptCommand(rule({ table: 'raw', chain: 'my chain' }), datagram, 'iptables-nft, nft').run).toBe(
    `iptables -t raw -I 'my chain' 3 ${match}`,
  );
});

test.each([
  ['filter', 'iptables-legacy', 'iptables-legacy -I'],
  ['filter', 'iptables-legacy, nft', 'iptables-legacy -I'],
  ['filter (legacy)', 'iptables-nft, iptables-legacy, nft', 'iptables-legacy -I'],
  ['filter', 'iptables-nft, iptables-legacy', 'iptables -I'],
])('the back end that has the rule: table %s as listed by %s', (table, tool, start) => {
  expect(acceptCommand(rule({ table }), datagram, tool).run).toMatch(new RegExp(`^${start}`));
});

test('nft: before the rule, by its handle, whatever iptables tables are beside', () => {
  const native = rule({ family: 'inet', chain: 'INPUT', text: 'ip daddr 239.0.0.0/8 drop', handle: 7 });
  for (const tool of ['nft', 'iptables-nft, nft'])
    expect(acceptCommand(native, datagram, tool)).toEqual({
      run: 'nft insert rule inet filter INPUT position 7 ip daddr 239.1.2.3 udp dport 5007 accept',
      undo: 'nft -a list chain inet filter INPUT   # then: nft delete rule inet filter INPUT handle N',
    });
});

test('a policy: first in its chain', () => {
  expect(acceptCommand(policy('ip', 'filter', 'INPUT'), datagram, 'iptables-nft').run).toContain('-I INPUT 1 ');
  expect(acceptCommand(policy('inet', 'fw', 'input'), datagram, 'iptables-nft, nft').run).toBe(
    'nft insert rule inet fw input ip daddr 239.1.2.3 udp dport 5007 accept',
  );
});

test('membership messages, IPv6, and datagrams of any port', () => {
  const report: Datagram = {
    family: 4,
    hook: 'output',
    destination: '224.0.0.22',
    protocol: 2,
    outputInterface: 'net1',
  };
  expect(acceptCommand(rule({ chain: 'OUTPUT' }), report, 'iptables-nft').run).toBe(
    'iptables -I OUTPUT 3 -o net1 -p igmp -j ACCEPT',
  );
  const mld: Datagram = { ...report, family: 6, destination: 'ff02::16', protocol: 58 };
  expect(acceptCommand(rule({ family: 'ip6', chain: 'OUTPUT' }), mld, 'iptables-nft').run).toBe(
    'ip6tables -I OUTPUT 3 -o net1 -p ipv6-icmp -j ACCEPT',
  );
  const { destinationPort: _, ...any } = datagram;
  expect(acceptCommand(rule({}), any, 'iptables-nft').run).toContain('-d 239.1.2.3/32 -p udp -j ACCEPT');
  expect(
    acceptCommand(policy('inet', 'fw', 'input'), { ...any, family: 6, destination: 'ff15::1' }, 'nft').run,
  ).toContain('ip6 daddr ff15::1 udp dport 1-65535 accept');
});
